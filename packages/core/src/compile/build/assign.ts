import type { AnyActorLogic, AnyActorRef, AnyEventObject, MachineContext } from 'xstate';
import { type BuiltinAction, createChild, referencedLogic, startLater } from '../../xstate/machineInternals.ts';
import type { Builtin, Macrostep } from '../model/action.ts';

type Assign = Extract<BuiltinAction, { type: 'xstate.assign' }>;
type Assigner = (args: AssignArgs, params: unknown) => MachineContext;

interface SpawnInContextOptions {
  id?: string;
  systemId?: string;
  syncSnapshot?: boolean;
  input?: unknown;
}
type Spawn = (src: string | AnyActorLogic, options?: SpawnInContextOptions) => AnyActorRef;

/** The macrostep whose assigner runs, and the children that assigner has spawned. */
const running: { step: Macrostep | undefined; spawned: Record<string, AnyActorRef> | undefined } = {
  step: undefined,
  spawned: undefined,
};

/** Arguments of an assigner, all of them its own properties, since assigners spread them. */
interface AssignArgs {
  readonly context: MachineContext;
  readonly event: AnyEventObject;
  readonly spawn: Spawn;
  readonly self: AnyActorRef;
  readonly system: Macrostep['scope']['system'];
}

/**
 * The `spawn` of all assigners: a child of the actor whose assigner runs. One function for all, since most assigners
 * never call theirs.
 */
const spawn: Spawn = (src, options) => {
  const { step } = running;
  if (step === undefined) throw new Error('`spawn` can only be called while the assigner it was given to runs');
  const { scope, machine, context, event } = step;
  const logic = typeof src === 'string' ? referencedLogic(machine, src) : src;
  if (logic === undefined) throw new Error(`Actor logic '${src}' not implemented in machine '${machine.id}'`);
  let input = options?.input;
  if (typeof src === 'string' && typeof input === 'function') input = input({ context, event, self: scope.self });
  const { id, systemId, syncSnapshot } = options ?? {};
  const child = createChild(scope, logic, { id, systemId, syncSnapshot, input, src });
  running.spawned ??= {};
  running.spawned[child.id] = child;
  startLater(step, child);
  return child;
};

/** Calls an assigner, which may spawn children meanwhile. */
function call(step: Macrostep, assigner: Assigner, params: unknown): MachineContext {
  const { context, event, scope } = step;
  const args = { context, event, spawn, self: scope.self, system: scope.system };
  const { step: outerStep, spawned: outerSpawned } = running;
  running.step = step;
  running.spawned = undefined;
  try {
    const made = assigner(args, params);
    if (running.spawned !== undefined) step.children = { ...step.children, ...(running.spawned as object) };
    return made;
  } finally {
    running.step = outerStep;
    running.spawned = outerSpawned;
  }
}

/** Compiles `assign`. */
export function compileAssign({ assignment }: Assign): Builtin {
  const assigner = typeof assignment === 'function' ? merged(assignment as Assigner) : keyByKey(assignment);
  return (step, params) => {
    step.context = call(step, assigner, params);
    step.changes++;
  };
}

/** An assigner that makes the whole context of one that makes a part of it. */
function merged(assigner: Assigner): Assigner {
  return (args, params) => {
    const { context } = args;
    const part = assigner(args, params);
    // As in the interpreter, a key `__proto__`, which JSON can bring, must not become a property.
    if (Object.hasOwn(part ?? {}, '__proto__')) return Object.assign({ ...context }, part);
    return { ...context, ...part };
  };
}

function keyByKey(assignment: Readonly<Record<string, unknown>>): Assigner {
  // As in the interpreter, a key `__proto__` assigns nothing.
  const keys = Object.keys(assignment).filter((key) => key !== '__proto__');
  const values = keys.map((key) => assignment[key]);
  return (args, params) => {
    const context: MachineContext = { ...args.context };
    for (let at = 0; at < keys.length; at++) {
      const value = values[at];
      context[keys[at] as string] = typeof value === 'function' ? (value as Assigner)(args, params) : value;
    }
    return context;
  };
}

/** Makes the first context of an actor from its input. */
export function assignInitialContext(step: Macrostep, input: unknown, create: (args: object) => unknown): void {
  // A copy of the one object keeps its hidden class; a copy merged from several objects would be in dictionary mode.
  const assigner: Assigner = ({ self }) => ({ ...(create({ spawn, input, self }) as MachineContext) });
  step.context = call(step, assigner, undefined);
  step.changes++;
}
