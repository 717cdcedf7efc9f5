import { VirtualClock } from '@watchkeeper/testing';
import { type ActorLogic, type AnyEventObject, fromTransition, type Snapshot } from 'xstate';
import { type ChildOf, type ChildSpec, createLeanActor, Registry, type RegistryOptions } from '../../src/index.ts';

/** A child that can be told to end well, to crash, or to ignore a request to end. */
const worker: ActorLogic<WorkerSnapshot, WorkerEvent, string> = {
  transition(snapshot, event) {
    if (event.type === 'crash') throw new Error(`${snapshot.name} crashed`);
    if (event.type === 'xstate.stop') return { ...snapshot, status: 'stopped', output: undefined, error: undefined };
    if (event.type === 'request' && snapshot.name.startsWith('stubborn')) return snapshot;
    return { ...snapshot, status: 'done', output: 'ended', error: undefined };
  },
  getInitialSnapshot(_, name) {
    if (name === 'unstartable') throw new Error('cannot start');
    return { status: 'active', output: undefined, error: undefined, name };
  },
  getPersistedSnapshot: (snapshot) => snapshot,
};

type WorkerSnapshot = Snapshot<string> & { name: string };
type WorkerEvent = { type: 'end' | 'crash' | 'request' | 'xstate.stop' };

/** Options of the registry of the workers, beside those that the test gives. */
export type WorkerOptions = Partial<RegistryOptions<typeof worker, ChildOf<typeof worker>>>;

/** A parent with workers in a registry, and what became of them. */
export function startWorkers(names: readonly string[], options: WorkerOptions = {}) {
  const clock = new VirtualClock();
  const outcomes: string[] = [];
  const restarted: string[] = [];
  const registry = new Registry({
    kind: 'worker',
    logic: worker,
    clock,
    random: () => 0.5,
    onRestarted: ({ id }) => restarted.push(id),
    ...options,
  });
  const parentLogic = fromTransition((state: null, event: AnyEventObject) => {
    if (/^xstate\.(done|error)\.actor\./.test(event.type))
      outcomes.push(registry.childEnded(event as never)?.fate ?? 'unknown');
    return state;
  }, null);
  const parent = createLeanActor(parentLogic, { clock }).start();
  const order: string[] = [];
  const add = (name: string, spec?: ChildSpec) => {
    const child = registry.add(name, name, parent, spec);
    child.actor.subscribe({ complete: () => order.push(name), error: () => order.push(`${name} crashed`) });
    child.actor.start();
    return child;
  };
  for (const name of names) add(name);
  const tell = (name: string, type: 'end' | 'crash') => registry.get(name)?.actor.send({ type });
  const running = () =>
    [...registry].filter(({ isRestarting, isTerminated }) => !isRestarting && !isTerminated).map(({ id }) => id);
  return { clock, registry, parent, outcomes, restarted, order, add, tell, running };
}
