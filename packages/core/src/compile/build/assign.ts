import type { AnyActorLogic, AnyActorRef, AnyEventObject, MachineContext } from 'xstate';
import { type BuiltinAction, createChild, referencedLogic, startLater } from '../../xstate/machineInternals.ts';
import type { Builtin, Macrostep } from '../model/action.ts';

type Assign = Extract<BuiltinAction, { type: 'xstate.assign' }>;
type Update = (args: AssignArgs, params: unknown) => unknown;

interface SpawnInContextOptions {
  id?: string;
  systemId?: string;
  syncSnapshot?: boolean;
  input?: unknown;
}
type Spawn = (src: string | AnyActorLogic, options?: SpawnInContextOptions) => AnyActorRef;

/** Arguments of an assigner. `spawn` is made only when it is read. */
class AssignArgs {
  readonly context: MachineContext;
  readonly event: AnyEventObject;
  readonly self: AnyActorRef;
  readonly system: Macrostep['scope']['system'];
  readonly #step: Macrostep;
  #spawned: Record<string, AnyActorRef> | undefined;

  constructor(step: Macrostep) {
    this.context = step.context;
    this.event = step.event;
    this.self = step.scope.self;
    this.system = step.scope.system;
    this.#step = step;
    this.#spawned = undefined;
  }

  get spawn(): Spawn {
    return (src, options) => this.#spawn(src, options);
  }

  /** Children the assigner has spawned. */
  get spawned(): Record<string, AnyActorRef> | undefined {
    return this.#spawned;
  }

  #spawn(src: string | AnyActorLogic, options: SpawnInContextOptions | undefined): AnyActorRef {
    const { scope, machine } = this.#step;
    const logic = typeof src === 'string' ? referencedLogic(machine, src) : src;
    if (logic === undefined) throw new Error(`Actor logic '${src}' not implemented in machine '${machine.id}'`);
    let input = options?.input;
    if (typeof src === 'string' && typeof input === 'function') {
      input = input({ context: this.context, event: this.event, self: this.self });
    }
    const { id, systemId, syncSnapshot } = options ?? {};
    const child = createChild(scope, logic, { id, systemId, syncSnapshot, input, src });
    this.#spawned ??= {};
    this.#spawned[child.id] = child;
    startLater(this.#step, child);
    return child;
  }
}

/** Compiles `assign`. */
export function compileAssign({ assignment }: Assign): Builtin {
  if (typeof assignment === 'function') {
    const update = assignment as Update;
    return (step, params) => {
      const args = new AssignArgs(step);
      commit(step, args, { ...step.context, ...(update(args, params) as object) });
    };
  }
  const keys = Object.keys(assignment);
  const values = keys.map((key) => assignment[key]);
  return (step, params) => {
    const args = new AssignArgs(step);
    const context: MachineContext = { ...step.context };
    for (let at = 0; at < keys.length; at++) {
      const value = values[at];
      context[keys[at] as string] = typeof value === 'function' ? (value as Update)(args, params) : value;
    }
    commit(step, args, context);
  };
}

/** Makes `context` that of the macrostep, with the children the assigner spawned. */
function commit(step: Macrostep, { spawned }: AssignArgs, context: MachineContext): void {
  step.context = context;
  if (spawned !== undefined) step.children = { ...step.children, ...spawned };
  step.changes++;
}

/** Makes the first context of an actor from its input. */
export function assignInitialContext(step: Macrostep, input: unknown, create: (args: object) => unknown): void {
  const args = new AssignArgs(step);
  const made = create({ spawn: args.spawn, input, self: args.self });
  // A copy of the one object keeps its hidden class; a copy merged from several objects would be in dictionary mode.
  commit(step, args, { ...(made as object) });
}
