import { SeededRandom, scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { AnyActorRef, InspectionEvent } from 'xstate';
import type { Observation, SupervisorEvent } from '../src/index.ts';
import { createTestSupervisor, startMonitor } from './support/testSupervisor.ts';

describe('introspection of a supervisor', () => {
  it('peeks into an actor of each kind by its name', async () => {
    const { clock, keeper } = startMonitor('-');
    keeper.notifier('client', () => {});
    await clock.advance(10);
    expect(keeper.peek('monitor', 'api')).toMatchObject({
      value: { watching: { cadence: 'waiting', health: 'unhealthy' } },
      context: { id: 'api', streaks: { failures: 1 } },
    });
    expect(keeper.peek('notifier', 'client')).toMatchObject({ value: { reading: 'ready' }, context: { told: false } });
    expect(keeper.peek('supervisor', 'any')).toMatchObject({ context: { notifiers: 1 } });
    expect(keeper.peek('session', '1')).toBeUndefined();
    keeper.composite('both', { of: ['api'], need: 'all' }, { dependsOn: ['api'] });
    expect(keeper.peek('monitor', 'both')?.restsOn).toEqual({ dependencies: ['api'], members: ['api'] });
  });

  it('publishes all events but checks that passed on notable$, in the same order', async () => {
    const { clock, keeper, events } = startMonitor('++-+');
    const notable: SupervisorEvent[] = [];
    let isComplete = false;
    keeper.notable$.subscribe({ next: (event) => notable.push(event), complete: () => (isComplete = true) });
    await clock.advance(5_000);
    await keeper.stop();
    const isRoutine = (event: SupervisorEvent) => event.type === 'verdict.judged' && event.verdict.status === 'pass';
    expect(events.some(isRoutine)).toBe(true);
    expect(notable).toEqual(events.filter((event) => !isRoutine(event)));
    expect(isComplete).toBe(true);
  });

  it('shows what an observed actor raised for itself, in the order in which it was handled', async () => {
    const { clock, keeper } = startMonitor('+');
    const seen: Observation[] = [];
    const [, view] = keeper.actors();
    keeper.observe(view?.actorId ?? '', (observation) => seen.push(observation));
    await clock.advance(10);
    expect(seen.flatMap(({ raised }) => raised.map(({ type }) => type))).toEqual(['probe.passed']);
  });

  it('serves XState’s own inspect option with every event of every actor', async () => {
    const types = new Set<string>();
    const inspect = ({ type, actorRef }: InspectionEvent) => types.add(`${type} ${(actorRef as AnyActorRef).id}`);
    const { clock, keeper } = createTestSupervisor({ inspect });
    keeper.monitor('api', async () => ({ status: 'pass' }));
    keeper.start();
    await clock.advance(10);
    for (const type of ['actor', 'event', 'snapshot']) expect(types).toContain(`@xstate.${type} monitor:api:1`);
    expect(types).toContain('@xstate.event supervisor');
  });

  it('serves a tool of XState for a while, and contains what it throws', async () => {
    const { clock, keeper, monitor } = startMonitor('+');
    let heard = 0;
    const leave = keeper.inspect(() => {
      heard += 1;
      throw new Error('a broken tool');
    });
    expect(() => monitor.check()).not.toThrow();
    expect(heard).toBeGreaterThan(0);
    leave();
    const before = heard;
    await clock.advance(3_000);
    expect(heard).toBe(before);
  });

  it('returns every actor that came or went between two calls, whichever and however many did', async () => {
    const { clock, keeper } = createTestSupervisor();
    keeper.start();
    const next = keeper.watchActors();
    const known = new Set<string>();
    const dice = new SeededRandom(7);
    for (let look = 0, serial = 0; look < 60; look += 1) {
      for (let deeds = dice.below(9); deeds > 0; deeds -= 1) {
        const running = keeper.statuses();
        const chosen = running[dice.below(running.length + 2)];
        if (chosen === undefined) keeper.monitor(`m${serial++}`, scriptedProbe('+'), { intervalMs: 1_000_000 });
        else keeper.monitorOf(chosen.id)?.stop();
      }
      await clock.settle();
      const { changed, ended } = next();
      for (const actorId of ended) expect(known.delete(actorId)).toBe(true);
      for (const { actorId } of changed) known.add(actorId);
      expect([...known].sort()).toEqual([...keeper.actors()].map(({ actorId }) => actorId).sort());
    }
  });
});
