import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AnyActorRef, createActor, createMachine, fromTransition } from 'xstate';
import { createLeanActor, NotParentError, systemClock, TimingWheel } from '../src/index.ts';

const counter = fromTransition((count: number, { by }: { type: 'add'; by: number }) => count + by, 0);

afterEach(() => vi.restoreAllMocks());

describe('a lean actor differs on purpose from an XState actor', () => {
  it('does not look through the delayed events of its system when it ends', () => {
    const root = createLeanActor(createMachine({})).start();
    const cancelAll = vi.spyOn(root.system.scheduler, 'cancelAll');
    createLeanActor(counter, { parent: root }).start()._stop();
    createLeanActor(createMachine({ initial: 'a', states: { a: { type: 'final' } } }), { parent: root }).start();
    expect(cancelAll.mock.calls.map(([actor]) => actor.src === counter)).toEqual([false]);
  });

  it('processes further events after an inspector threw', () => {
    const inspect = vi.fn(({ type }: { type: string }) => {
      if (type === '@xstate.snapshot') throw new Error('inspector');
    });
    const heard = [createActor, createLeanActor].map((create) => {
      const actor = (create as typeof createActor)(counter);
      actor.start();
      const { unsubscribe } = actor.system.inspect(inspect);
      expect(() => actor.send({ type: 'add', by: 1 })).toThrow('inspector');
      unsubscribe();
      actor.send({ type: 'add', by: 1 });
      return actor.getSnapshot().context;
    });
    expect(heard).toEqual([1, 2]);
  });

  it('has no send of its own that can be torn off', () => {
    const { send } = createLeanActor(counter).start();
    expect(() => send({ type: 'add', by: 1 })).toThrow(TypeError);
  });

  it('refuses, with a typed error, to be stopped by anyone but its parent', () => {
    const parent = createActor(createMachine({})).start();
    const child = createLeanActor(counter, { parent, id: 'child' }).start();
    expect(() => child.stop()).toThrow(NotParentError);
  });

  it('gives its logic, not a name, as its source, and does not warn about events that come too late', () => {
    const warn = vi.spyOn(console, 'warn');
    const actor = createLeanActor(counter).start();
    actor.stop();
    actor.send({ type: 'add', by: 1 });
    expect(actor.src).toBe(counter);
    expect(warn).not.toHaveBeenCalled();
  });

  it('keeps the time of its system: the system clock unless the root is given one', () => {
    expect(createLeanActor(counter).system._clock).toBe(systemClock());
    const clock = new TimingWheel({
      host: {
        monotonicMs: () => 0,
        wallMs: () => 0,
        wakeIn: () => undefined,
        cancelWake: () => undefined,
        report: () => undefined,
      },
    });
    const parent = createLeanActor(createMachine({}), { clock });
    expect(createLeanActor(counter, { parent }).system._clock).toBe(clock);
  });
});

describe('XState, whose internals a lean actor reads, still has', () => {
  // What it relies on and XState does not promise; the contract holds it to the rest.
  const ordinary = () => createActor(counter) as AnyActorRef as AnyActorRef & Record<string, unknown>;

  it.each(['_bookId', '_register', '_unregister', '_set', '_relay', '_sendInspectionEvent'])(
    'a system that has %s',
    (name) => {
      expect(ordinary().system).toHaveProperty(name, expect.any(Function));
    },
  );

  it('systems that keep a clock and a logger', () => {
    expect(ordinary().system).toMatchObject({ _clock: expect.any(Object), _logger: expect.any(Function) });
  });

  it('actors that are asked to stop by _stop, and say by number how far they are', () => {
    const actor = ordinary();
    const seen = [actor['_processingStatus']];
    actor.start();
    seen.push(actor['_processingStatus']);
    (actor['_stop'] as () => void)();
    seen.push(actor['_processingStatus']);
    expect(seen).toEqual([0, 1, 2]);
  });

  it('systems that name their root by its session id, whenever they are asked', () => {
    const rootIds: string[] = [];
    const actor = createLeanActor(counter, { inspect: ({ rootId }) => rootIds.push(rootId) });
    expect(rootIds).toEqual([actor.sessionId]);
  });
});
