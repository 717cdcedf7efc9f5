import { createSupervisor, defineProbe, type SupervisorEvent } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { type PushProbe, pushProbe } from '../../src/push.ts';

const thresholdMs = 300;

/** Workers that beat, each a target of one supervisor that looks every 100 ms and alerts at the first failure. */
function watchdog(...ids: readonly string[]) {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock, monitor: { intervalMs: 100, jitter: 0, alertAfter: -1 } });
  const events: SupervisorEvent[] = [];
  keeper.events$.subscribe((event) => events.push(event));
  const hung = () => events.flatMap((event) => (event.type === 'alert.raised' ? [event.id] : []));
  const back = () => events.flatMap((event) => (event.type === 'alert.cleared' ? [event.id] : []));
  const workers = new Map(
    ids.map((id): [string, PushProbe] => [id, pushProbe({ ttlMs: thresholdMs, clock, name: id })]),
  );
  for (const [id, probe] of workers) keeper.monitor(id, probe);
  keeper.start();
  const beat = (id: string) => workers.get(id)?.beat();
  /** Lets so many milliseconds pass in which these workers beat every 100 ms. */
  const pass = async (ms: number, ...beating: readonly string[]) => {
    for (let left = ms; left > 0; left -= 100) {
      for (const id of beating) beat(id);
      await clock.advance(Math.min(100, left));
    }
  };
  return { clock, keeper, events, workers, hung, back, beat, pass };
}

describe("what kportal's watchdog was tested for", () => {
  it('RegisterUnregister: who is registered is watched, and who is not is not', async () => {
    const { keeper, clock, pass, hung } = watchdog('a', 'b');
    keeper.monitorOf('b')?.stop();
    await pass(1_000);
    expect([keeper.statuses().map(({ id }) => id), hung()]).toEqual([['a'], ['a']]);
    await keeper.stop();
    expect(clock.pending).toBe(0);
  });

  it('Heartbeat: each moves the time of the last one on', async () => {
    const { clock, beat, workers } = watchdog('a');
    beat('a');
    const first = workers.get('a')?.lastBeatAt;
    await clock.advance(50);
    beat('a');
    expect([first, workers.get('a')?.lastBeatAt]).toEqual([clock.now() - 50, clock.now()]);
  });

  it('HungWorkerDetection, CheckWorkers_WithEventBus: silence is told once it is longer than the threshold, with its true length (INV-54)', async () => {
    const { clock, workers, pass, hung, events } = watchdog('a');
    await pass(200, 'a');
    await clock.advance(200);
    expect(hung()).toEqual([]);
    await clock.advance(100);
    expect(hung()).toEqual(['a']);
    const silentMs = events.flatMap((event) =>
      event.type === 'verdict.judged' && event.verdict.status === 'fail' ? [event.verdict.measured?.['silentMs']] : [],
    );
    expect(silentMs[0]).toBe(clock.now() - (workers.get('a')?.lastBeatAt ?? 0));
  });

  it('HealthyNotHung: one that beats is never told', async () => {
    const { pass, hung } = watchdog('a');
    await pass(10_000, 'a');
    expect(hung()).toEqual([]);
  });

  it('MultipleWorkers: of three, the two that hang are told, each once', async () => {
    const { pass, hung } = watchdog('well', 'hung', 'too');
    await pass(2_000, 'well');
    expect(hung()).toEqual(['hung', 'too']);
  });

  it('CallbackOnlyOnFirstDetection: a silence of many thresholds is one episode (INV-54)', async () => {
    const { clock, hung } = watchdog('a');
    await clock.advance(40 * thresholdMs);
    expect(hung()).toEqual(['a']);
  });

  it('HeartbeatResetsHungState: progress ends an episode, and the next silence is another (INV-54)', async () => {
    const { pass, hung, back } = watchdog('a');
    await pass(1_000);
    await pass(200, 'a');
    expect([hung(), back()]).toEqual([['a'], ['a']]);
    await pass(1_000);
    expect([hung(), back()]).toEqual([['a', 'a'], ['a']]);
  });

  it('ConcurrentOperations: workers that come, beat and go disturb none', async () => {
    const { keeper, clock, pass, hung } = watchdog('steady');
    for (let turn = 0; turn < 20; turn++) {
      const probe = pushProbe({ ttlMs: thresholdMs, clock });
      const passing = keeper.monitor(`passing ${turn % 3}`, probe);
      probe.beat();
      await pass(100, 'steady');
      passing.stop();
      await clock.settle();
    }
    expect([hung(), keeper.statuses().length]).toEqual([[], 1]);
  });

  it('StopWatchdog: nothing is told after the stop', async () => {
    const { keeper, pass, hung } = watchdog('a');
    await pass(200);
    await keeper.stop();
    await pass(10_000);
    expect(hung()).toEqual([]);
  });

  it('ZeroHeartbeats: one that never beats hangs as well, counted from its registration', async () => {
    const { clock, keeper, hung } = watchdog('a');
    await clock.advance(300);
    expect(hung()).toEqual([]);
    await clock.advance(100);
    expect([hung(), keeper.monitorOf('a')?.status.detail]).toEqual([['a'], 'no heartbeat came']);
  });

  it('LegacyUntouched: a target that is asked and a worker that beats live side by side', async () => {
    const { keeper, pass, hung } = watchdog('beats');
    keeper.monitor(
      'asked',
      defineProbe('asked', async () => ({ status: 'pass' })),
    );
    await pass(2_000);
    expect([hung(), keeper.monitorOf('asked')?.health]).toEqual([['beats'], 'healthy']);
  });
});

describe("what kportal's responders were tested for", () => {
  /** A worker that counts its steps; alive is only who made one since it was asked last (INV-54). */
  function stepping() {
    let steps = 0;
    let seen = 0;
    const probe = defineProbe('steps', async () => {
      const made = steps - seen;
      seen = steps;
      return made > 0 ? { status: 'pass', measured: { steps } } : { status: 'fail', detail: 'made no step' };
    });
    return {
      probe,
      step: () => {
        steps += 1;
      },
    };
  }

  it('ResponderAliveIncrements, ResponderDeadDoesNot, AliveDeadAlive, TickerPolls: only progress proves life (INV-54)', async () => {
    const { keeper, clock, events } = watchdog();
    const { probe, step } = stepping();
    step();
    keeper.monitor('worker', probe);
    await clock.settle();
    await clock.advance(100);
    step();
    await clock.advance(100);
    const steps = events.flatMap((event) =>
      event.type === 'verdict.judged' ? [event.verdict.measured?.['steps']] : [],
    );
    expect(steps).toEqual([1, undefined, 2]);
  });

  it('ResponderHungTriggers: one that stands still is told once', async () => {
    const { keeper, clock, hung } = watchdog();
    const { probe, step } = stepping();
    step();
    keeper.monitor('worker', probe);
    await clock.advance(10_000);
    expect(hung()).toEqual(['worker']);
  });
});
