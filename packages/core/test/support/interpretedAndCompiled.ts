/** Runs a machine under XState's interpreter and compiled, and records everything an outsider can see of it. */
import {
  type AnyActorLogic,
  type AnyActorRef,
  type AnyEventObject,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  type InspectionEvent,
  type Snapshot,
} from 'xstate';
import { compile, compileWithSemantics } from '../../src/compile/compile.ts';
import type { CompileOptions } from '../../src/compile/compileOptions.ts';
import type { Semantics } from '../../src/compile/semantics/semantics.ts';
import { StepClock } from './stepClock.ts';
import { note, takeNotes } from './traceNotes.ts';

/** One thing done to an actor: an event is sent, time passes, it is stopped, or it is saved and restored. */
export type Operation = { send: AnyEventObject } | { passMs: number } | 'stop' | 'restore';

type Actor = ReturnType<typeof createActor<AnyActorLogic>>;

/** How two actors are compared. */
interface Comparison {
  readonly input?: unknown;
  /**
   * Semantics of the compiled actor.
   * @default SCXML's
   */
  readonly semantics?: Semantics;
  /**
   * How the machine is compiled.
   * @default as ever
   */
  readonly options?: CompileOptions;
  /**
   * Whether both are inspected too, and every method of their last snapshots is called.
   * @default true
   */
  readonly closely?: boolean;
}

/** The traces of a machine under these operations, one line for each operation. */
export function interpretedAndCompiled(
  machine: AnyStateMachine,
  operations: readonly Operation[],
  comparison: Comparison = {},
): InterpretedAndCompiled {
  const { semantics, options } = comparison;
  return withoutWarnings(() => ({
    interpreted: trace(machine, machine, operations, comparison),
    compiled: trace(
      semantics === undefined ? compiledOnce(machine, options) : compileWithSemantics(semantics, machine, options),
      machine,
      operations,
      comparison,
    ),
  }));
}

/**
 * Runs without warnings and stacks: machines warn and throw by the ten thousand, and errors are compared by message.
 */
function withoutWarnings<T>(run: () => T): T {
  const { warn } = console;
  const { stackTraceLimit } = Error;
  console.warn = () => {};
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    console.warn = warn;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const compiled = new WeakMap<AnyStateMachine, Map<CompileOptions | undefined, AnyActorLogic>>();

/** The compiled logic of a machine, compiled once, so that later sequences run on tables that are filled. */
function compiledOnce(machine: AnyStateMachine, options: CompileOptions | undefined): AnyActorLogic {
  const known = compiled.get(machine) ?? new Map();
  compiled.set(machine, known);
  const logic = known.get(options) ?? compile(machine, options);
  known.set(options, logic);
  return logic;
}

/** Traces of the two actors. */
export interface InterpretedAndCompiled {
  interpreted: string[];
  compiled: string[];
}

function trace(
  logic: AnyActorLogic,
  machine: AnyStateMachine,
  operations: readonly Operation[],
  { input, closely = true }: Comparison,
): string[] {
  const clock = new StepClock();
  const lines: string[] = [];
  const inspector = closely ? { inspect: inspected } : {};
  takeNotes();
  let actor = begin(logic, clock, { ...inspector, input });
  const write = () => lines.push(line(actor, clock));
  actor.start();
  write();
  for (const operation of operations) {
    if (operation === 'stop') actor.stop();
    else if (operation === 'restore') {
      const saved = attempt(() => structuredClone(actor.getPersistedSnapshot()));
      note('saved', readable(saved));
      actor.stop();
      actor = begin(logic, clock, { ...inspector, snapshot: saved as Snapshot<unknown> });
      actor.start();
    } else if ('send' in operation) actor.send(operation.send);
    else clock.advance(operation.passMs);
    write();
  }
  if (closely) lines.push(whole(actor, machine));
  actor.stop();
  write();
  return named(lines);
}

function begin(logic: AnyActorLogic, clock: StepClock, options: object): Actor {
  const actor = createActor(logic, {
    ...options,
    clock,
    logger: (...args: unknown[]) => note('logger', args.map(readable)),
  });
  actor.on('*', (event) => note('emitted', event));
  actor.subscribe({
    next: (snapshot) => note('next', (snapshot as AnyMachineSnapshot).value),
    error: (error) => note('error', messageOf(error)),
    complete: () => note('complete'),
  });
  return actor;
}

function inspected(event: InspectionEvent): void {
  if (event.type === '@xstate.action') note('action', [event.action.type, readable(event.action.params)]);
  if (event.type === '@xstate.event') {
    note('event', [
      event.sourceRef === undefined ? null : idOf(event.sourceRef),
      idOf(event.actorRef),
      readable(event.event),
    ]);
  }
  if (event.type === '@xstate.actor') note('actor', idOf(event.actorRef));
}

const idOf = (actor: object) => (actor as AnyActorRef).id;

/** What an outsider sees after an operation. */
function line(actor: Actor, clock: StepClock): string {
  const snapshot = actor.getSnapshot() as AnyMachineSnapshot;
  const { status, output, error, value, context, children, tags, historyValue } = snapshot;
  const seen = {
    status,
    output,
    error: messageOf(error),
    value,
    context: readable(context),
    children: Object.fromEntries(
      Object.entries(children ?? {}).map(([id, child]) => [id, childOf(child as AnyActorRef | undefined)]),
    ),
    tags: [...(tags ?? [])],
    history: Object.entries(historyValue ?? {}).map(([id, nodes]) => [
      id,
      (nodes as { id: string }[]).map((node) => node.id),
    ]),
    notes: takeNotes(),
    timers: clock.due(),
  };
  return JSON.stringify(seen);
}

/** What the methods of the last snapshot return. */
function whole(actor: Actor, machine: AnyStateMachine): string {
  const snapshot = actor.getSnapshot() as AnyMachineSnapshot;
  return JSON.stringify({
    meta: attempt(() => snapshot.getMeta()),
    can: ['a', 'b', ...machine.events].map((type) => attempt(() => snapshot.can({ type }))),
    tagged: [...(snapshot.tags ?? [])].map((tag) => attempt(() => snapshot.hasTag(tag))),
    matches: attempt(() => snapshot.matches(snapshot.value)),
    json: readable(attempt(() => JSON.parse(JSON.stringify(snapshot)))),
    saved: readable(attempt(() => actor.getPersistedSnapshot())),
    nodes: (snapshot as { _nodes?: { id: string }[] })._nodes?.map(({ id }) => id),
  });
}

function childOf(child: AnyActorRef | undefined) {
  const snapshot = child?.getSnapshot() as AnyMachineSnapshot | undefined;
  return [child?.id, snapshot?.status, snapshot?.value, readable(snapshot?.context)];
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : error);

function attempt(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    return `threw ${messageOf(error)}`;
  }
}

/** A value that JSON can hold: actors by id, errors by message. */
function readable(value: unknown, depth = 0): unknown {
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return value.message;
  if ('sessionId' in value) return `actor ${idOf(value)}`;
  if (depth > 4) return '…';
  if (Array.isArray(value)) return value.map((element) => readable(element, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner, depth + 1)]));
}

/** The lines with session ids, which count on from run to run, replaced by the order of their appearance. */
function named(lines: readonly string[]): string[] {
  const seen = new Map<string, string>();
  const rename = (id: string) => {
    const known = seen.get(id) ?? `session ${seen.size}`;
    seen.set(id, known);
    return known;
  };
  return lines.map((text) => text.replaceAll(/x:\d+/g, rename));
}
