import {
  createSupervisor,
  defineProbe,
  type Health,
  type MonitorOptions,
  type Supervisor,
  type SupervisorOptions,
  type Verdict,
} from '@watchkeeper/core';
import { onTestFinished } from 'vitest';

/** A started supervisor, stopped with the test. */
export function startSupervisor(options?: SupervisorOptions): Supervisor {
  const keeper = createSupervisor({ drain: { graceMs: 500, deadlineMs: 2_000 }, ...options });
  onTestFinished(async () => {
    await keeper.stop();
  });
  keeper.start();
  return keeper;
}

/** Watches a target whose verdict the test decides; answers a function that sets it and lets it be seen. */
export function watchTarget(
  keeper: Supervisor,
  id: string,
  first: Verdict,
  options?: MonitorOptions,
): (verdict: Verdict) => void {
  let verdict = first;
  const monitor = keeper.monitor(
    id,
    defineProbe('scripted', async () => verdict),
    { successThreshold: 1, failureThreshold: 1, ...options },
  );
  return (next) => {
    verdict = next;
    monitor.check();
  };
}

/** Resolves when the supervisor, or a monitor of it, is of this health. */
export function healthReached(of: Pick<Supervisor, 'health$'> | undefined, health: Health): Promise<void> {
  return new Promise((resolve) => {
    const subscription = of?.health$.subscribe((now) => {
      if (now !== health) return;
      resolve();
      queueMicrotask(() => subscription?.unsubscribe());
    });
  });
}
