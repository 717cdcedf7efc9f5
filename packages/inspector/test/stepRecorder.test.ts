import { createSupervisor, defineProbe, type Supervisor } from '@watchkeeper/core';
import { scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { EventRecorder } from '../src/record/eventRecorder.ts';
import { StepRecorder, stepsKept } from '../src/record/stepRecorder.ts';

function setUp() {
  const clock = new VirtualClock();
  const keeper: Supervisor = createSupervisor({ clock });
  keeper.monitor(
    'api',
    defineProbe('api', async () => ({ status: 'fail' })),
    {
      intervalMs: 1_000,
      jitter: 0,
      failureThreshold: 2,
      // The first verdict decides nothing yet.
      startThreshold: 2,
    },
  );
  keeper.start();
  const [, view] = keeper.actors();
  if (view === undefined) throw new Error('the monitor is not there');
  return { clock, keeper, view, actorId: view.actorId, stepRecorder: new StepRecorder(keeper, () => clock.now()) };
}

describe('the recorder of steps', () => {
  it('records which transitions an event took, and which guards failed', async () => {
    const { clock, view, actorId, stepRecorder } = setUp();
    stepRecorder.follow(view);
    await clock.advance(10);
    const judged = stepRecorder.of(actorId)?.steps.find(({ type }) => type.startsWith('xstate.done.'));
    expect(judged).toMatchObject({
      asked: expect.arrayContaining([['failedEnough', false]]),
      raised: ['probe.failed'],
      value: { watching: { cadence: 'waiting', health: 'starting', alert: 'counting' } },
    });
    expect(judged?.taken).toContainEqual(
      expect.objectContaining({ from: expect.stringMatching(/probing/), to: 'watching.cadence.waiting', on: 'done' }),
    );
    await clock.advance(1_000);
    const taken = stepRecorder.of(actorId)?.steps.flatMap((step) => step.taken);
    expect(taken).toContainEqual({
      from: 'watching.health',
      to: 'watching.health.unhealthy',
      on: 'probe.failed',
      guard: 'failedEnough',
    });
  });

  it('keeps the time of a delayed transition through events that do not restart it', async () => {
    const { clock, keeper, view, actorId, stepRecorder } = setUp();
    stepRecorder.follow(view);
    await clock.advance(10);
    const countdown = stepRecorder.of(actorId)?.countdowns[0];
    expect(countdown).toMatchObject({ state: 'watching.cadence.waiting', delay: 'interval', delayMs: 1_000 });
    await clock.advance(400);
    keeper.monitorOf('api')?.recordActivity();
    expect(stepRecorder.of(actorId)?.countdowns[0]?.dueAt).toBe(countdown?.dueAt);
  });

  it('observes an actor once for all watchers, and stops with the last', async () => {
    const { clock, view, actorId, stepRecorder } = setUp();
    const leave = [stepRecorder.follow(view), stepRecorder.follow(view)];
    leave[0]?.();
    leave[0]?.();
    await clock.advance(100_000);
    const { from, steps = [] } = stepRecorder.of(actorId) ?? {};
    expect(steps).toHaveLength(stepsKept);
    // Where the first of those that are kept began is known still.
    expect(from).toMatchObject({ watching: { health: 'unhealthy' } });
    leave[1]?.();
    expect(stepRecorder.of(actorId)).toBeUndefined();
  });

  it('has passing checks recorded of followed monitors alone, once each', async () => {
    const clock = new VirtualClock();
    const keeper = createSupervisor({ clock });
    for (const id of ['api', 'db']) keeper.monitor(id, scriptedProbe('+'), { intervalMs: 1_000, jitter: 0 });
    const recorder = new EventRecorder(keeper, () => clock.now());
    recorder.begin();
    keeper.start();
    await clock.advance(1_500);
    const checks = (id: string) =>
      recorder.journal.since('monitor', id, 0).filter(({ type }) => type === 'verdict.judged').length;
    expect(checks('api')).toBe(0);
    const [, view] = keeper.actors();
    if (view === undefined) throw new Error('the monitor is not there');
    const leave = recorder.stepRecorder.follow(view);
    await clock.advance(3_000);
    keeper.monitorOf('api')?.recordActivity();
    leave();
    await clock.advance(3_000);
    // The check before it was followed is known still when it takes its first step.
    expect([checks('api'), checks('db')]).toEqual([4, 0]);
  });

  it('has no steps of an actor that is not there', async () => {
    const { clock, stepRecorder } = setUp();
    stepRecorder.follow({ actorId: 'nobody', kind: 'monitor', id: 'nobody' });
    await clock.advance(5_000);
    expect(stepRecorder.of('nobody')?.steps).toEqual([]);
  });
});
