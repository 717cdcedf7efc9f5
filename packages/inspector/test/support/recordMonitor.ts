import { createSupervisor } from '@watchkeeper/core';
import { scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { StepRecorder } from '../../src/record/stepRecorder.ts';
import type { Recording } from '../../web/src/store/recording.ts';

/** Records a monitor that goes through all its regions: thresholds, an alert, a pause, a broken check. */
export async function recordMonitor(): Promise<Recording> {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ name: 'shop', clock });
  const monitor = keeper.monitor('api', scriptedProbe('+--!!+~-+'), {
    intervalMs: 1_000,
    jitter: 0,
    failureThreshold: 2,
    alertAfter: 0,
  });
  keeper.start();
  await clock.advance(500);
  const [, view] = keeper.actors();
  if (view === undefined) throw new Error('the monitor is not there');
  const stepRecorder = new StepRecorder(keeper, () => clock.now());
  stepRecorder.follow(view);
  await clock.advance(4_000);
  monitor.pause({ ttlMs: 700 });
  await clock.advance(5_000);
  monitor.markReconnecting();
  await clock.advance(1_000);
  const { from, steps = [] } = stepRecorder.of(view.actorId) ?? {};
  const value = keeper.peek('monitor', 'api')?.value ?? '';
  return {
    format: 'watchkeeper.recording',
    version: 1,
    app: keeper.name,
    at: clock.now(),
    actor: { kind: 'monitor', name: 'api', actorId: view.actorId, value, status: 'healthy' },
    from,
    steps,
    entries: [],
    visitedStates: [],
    detail: undefined,
  };
}
