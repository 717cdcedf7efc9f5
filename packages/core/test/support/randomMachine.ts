/** Random charts: a description fast-check can shrink, and the machine built from it. */
import fc from 'fast-check';
import {
  type AnyStateMachine,
  and,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  not,
  raise,
  sendTo,
  spawnChild,
  stateIn,
  stopChild,
} from 'xstate';
import { actors } from './sampleMachines/actors.ts';
import { below, context, named, say } from './sampleMachines/sharedSetup.ts';

interface Transition {
  event: number;
  target: number | undefined;
  second: number | undefined;
  reenter: boolean;
  guard: number;
  actions: number[];
}

export interface Node {
  kind: number;
  children: Node[];
  initial: number;
  initialActions: number[];
  entry: number[];
  exit: number[];
  on: Transition[];
  always: Transition[];
  after: Transition[];
  done: Transition[];
  invoke: number;
}

const small = (max: number) => fc.nat({ max });
const actionList = fc.array(small(23), { maxLength: 2 });
const transition: fc.Arbitrary<Transition> = fc.record({
  event: small(5),
  target: fc.option(small(30), { nil: undefined, freq: 4 }),
  second: fc.option(small(30), { nil: undefined, freq: 1 }),
  reenter: fc.boolean(),
  guard: small(11),
  actions: actionList,
});
const seldom = <T>(arbitrary: fc.Arbitrary<T[]>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary });

function nodeOf(children: fc.Arbitrary<Node[]>): fc.Arbitrary<Node> {
  return fc.record({
    kind: small(11),
    children,
    initial: small(3),
    initialActions: seldom(actionList),
    entry: actionList,
    exit: actionList,
    on: fc.array(transition, { maxLength: 3 }),
    always: seldom(fc.array(transition, { maxLength: 1 })),
    after: seldom(fc.array(transition, { maxLength: 2 })),
    done: seldom(fc.array(transition, { maxLength: 1 })),
    invoke: small(20),
  });
}

const leaf = nodeOf(fc.constant([]));
const branch = nodeOf(fc.array(leaf, { maxLength: 3 }));
const bough = nodeOf(fc.array(fc.oneof(leaf, branch), { maxLength: 3 }));

const trunk = nodeOf(fc.array(fc.oneof(leaf, branch, bough), { minLength: 1, maxLength: 3 }));

/** A parallel state of four to eight small regions, with history among their states. */
const twig = nodeOf(fc.array(leaf, { minLength: 2, maxLength: 3 })).map((node) => ({ ...node, kind: 1, always: [] }));
const rake = nodeOf(fc.array(twig, { minLength: 4, maxLength: 8 })).map((node) => ({ ...node, kind: 0, always: [] }));

export const randomNode = fc.oneof({ weight: 6, arbitrary: trunk }, { weight: 1, arbitrary: rake });

const EVENTS = ['a', 'b', 'c.x', 'c.*', '*', 'd'];
const SENT = ['a', 'b', 'c.x', 'c.y', 'd', 'unknown'];
const DELAYS = [0, 10, 'short', 'grown', 15, 20];

const sent = { weight: 5, arbitrary: fc.constantFrom(...SENT).map((type) => ({ send: { type } })) };
const waited = { weight: 2, arbitrary: fc.constantFrom(5, 10, 30).map((passMs) => ({ passMs })) };
const restored = { weight: 1, arbitrary: fc.constant('restore' as const) };
const length = { minLength: 2, maxLength: 8 };

/** What is sent to a random machine, or how long is waited. */
export const randomEvents = fc.array(fc.oneof(sent, waited), length);

/** The same, and now and then the machine is saved, stopped and brought back. */
export const randomOperations = fc.array(fc.oneof(sent, waited, restored), length);

interface Placed {
  id: string;
  node: Node;
  path: Placed[];
  type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
}

const { implementations } = named.createMachine({ context });

export function buildMachine(root: Node): AnyStateMachine {
  const placed: Placed[] = [];
  const place = (node: Node, above: Placed[], index: number): void => {
    const self: Placed = { id: `n${placed.length}`, node, path: above, type: typeOf(node, above, index) };
    placed.push(self);
    if (self.type === 'compound' || self.type === 'parallel') {
      node.children.forEach((child, at) => {
        place(child, [...above, self], at);
      });
    }
  };
  place(root, [], 0);
  const [first] = placed as [Placed, ...Placed[]];
  const config = configOf(first, placed);
  const settings = { ...config, context, options: { maxIterations: 12 } };
  return createMachine(settings as never, { ...implementations, actors } as never) as unknown as AnyStateMachine;
}

function typeOf(node: Node, above: readonly Placed[], index: number): Placed['type'] {
  if (node.children.length > 0 && above.length < 4) return node.kind % 3 === 0 ? 'parallel' : 'compound';
  if (index > 0 && node.kind % 6 === 1) return 'history';
  return node.kind % 5 === 0 && above.length > 0 ? 'final' : 'atomic';
}

function configOf(self: Placed, all: readonly Placed[]): Record<string, unknown> {
  const { id, node, type } = self;
  if (type === 'history') {
    return { id, type, history: node.kind % 4 === 1 ? 'deep' : 'shallow', ...historyTarget(self, all) };
  }
  const children = all.filter(({ path }) => path.at(-1) === self);
  const states = Object.fromEntries(children.map((child) => [`s${child.id}`, configOf(child, all)]));
  const open = children.filter((child) => child.type !== 'history');
  const initial = open[node.initial % Math.max(open.length, 1)];
  const on: Record<string, unknown[]> = {};
  for (const each of node.on) {
    const event = EVENTS[each.event] as string;
    on[event] = [...(on[event] ?? []), transitionOf(each, self, all)];
  }
  return {
    id,
    ...(type === 'final' || type === 'parallel' ? { type } : {}),
    ...(type === 'compound' && initial !== undefined
      ? { initial: { target: `s${initial.id}`, actions: node.initialActions.map(actionOf) } }
      : {}),
    ...(children.length > 0 ? { states } : {}),
    entry: [say(`enter ${id}`), ...node.entry.map(actionOf)],
    exit: [say(`exit ${id}`), ...node.exit.map(actionOf)],
    on,
    always: node.always.map((each) => transitionOf({ ...each, guard: 1 + (each.guard % 10) }, self, all)),
    after: Object.fromEntries(node.after.map((each) => [DELAYS[each.event], transitionOf(each, self, all)])),
    ...(node.done.length > 0 ? { onDone: node.done.map((each) => transitionOf(each, self, all)) } : {}),
    // fast-check favours small numbers; a child in every state would only be slow.
    ...(node.invoke >= 18 ? { invoke: invokeOf(node.invoke - 18, self, all) } : {}),
    tags: [`tag ${id}`],
    output: ({ context: { count } }: { context: { count: number } }) => `${id} ${count}`,
  };
}

/** A default for what is not remembered yet: a sibling, which must not be a history state itself. */
function historyTarget({ node, path }: Placed, all: readonly Placed[]): object {
  const siblings = all.filter((other) => other.path.at(-1) === path.at(-1) && other.type !== 'history');
  const sibling = siblings[node.initial];
  return sibling === undefined || path.at(-1)?.type === 'parallel' ? {} : { target: `s${sibling.id}` };
}

function transitionOf(described: Transition, source: Placed, all: readonly Placed[]): object {
  const { reenter, guard, actions } = described;
  const target = described.target === undefined ? undefined : all[described.target % all.length];
  const second = described.second === undefined ? undefined : all[described.second % all.length];
  const targets =
    target === undefined ? [] : second !== undefined && areParallel(target, second) ? [target, second] : [target];
  return {
    ...(targets.length > 0 ? { target: targets.map(({ id }) => `#${id}`) } : {}),
    reenter,
    ...guardOf(guard, all),
    actions: [say(`from ${source.id}`), ...actions.map(actionOf)],
  };
}

/** Whether two states can be active together because a parallel state keeps them apart. */
function areParallel(left: Placed, right: Placed): boolean {
  const leftWay = [...left.path, left];
  const rightWay = [...right.path, right];
  const fork = leftWay.findIndex((node, at) => node !== rightWay[at]);
  return fork > 0 && rightWay[fork] !== undefined && leftWay[fork - 1]?.type === 'parallel';
}

function guardOf(guard: number, all: readonly Placed[]): object {
  const inner = all[guard % all.length] as Placed;
  const guards: unknown[] = [
    below(2),
    'isEven',
    not('isEven'),
    and([below(4), 'isEven']),
    stateIn(`#${inner.id}`),
    'never',
    below(6),
  ];
  return guard < guards.length ? { guard: guards[guard] } : {};
}

function invokeOf(kind: number, self: Placed, all: readonly Placed[]): object {
  const [done] = self.node.done;
  const heard = done === undefined ? {} : { onDone: transitionOf(done, self, all) };
  return {
    src: ['echo', 'timed', 'counter'][kind],
    id: 'child',
    ...heard,
    ...(kind === 2 ? { onSnapshot: { actions: 'shout' } } : {}),
  };
}

const self = ({ self: own }: { self: object }) => own as never;

function actionOf(action: number): unknown {
  const all: unknown[] = [
    'bump',
    'bump',
    'reset',
    { type: 'add', params: { by: 2 } },
    'shout',
    'missing',
    raise({ type: 'a' }),
    raise({ type: 'b' }),
    raise({ type: 'd' }, { delay: 10, id: 'late' }),
    raise({ type: 'c.y' }, { delay: 'grown' as never }),
    cancel('late'),
    emit(({ context: count }: { context: unknown }) => ({ type: 'emitted', count }) as never),
    sendTo(self, { type: 'd' } as never),
    sendTo('child', { type: 'inc' }),
    spawnChild('echo' as never, { id: 'child' } as never),
    stopChild('child'),
    enqueueActions(({ enqueue, check }) => {
      enqueue.assign({ extra: 1 });
      if (check(stateIn('#n1'))) enqueue.raise({ type: 'b' });
      enqueue({ type: 'bump' } as never);
    }),
  ];
  return all[action] ?? 'bump';
}
