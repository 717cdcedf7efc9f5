import {
  createSupervisor,
  defineProbe,
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
export function watchTarget(keeper: Supervisor, id: string, first: Verdict): (verdict: Verdict) => void {
  let verdict = first;
  const monitor = keeper.monitor(
    id,
    defineProbe('scripted', async () => verdict),
    { successThreshold: 1, failureThreshold: 1 },
  );
  return (next) => {
    verdict = next;
    monitor.check();
  };
}

/** Resolves when the supervisor is of this health. */
export function healthReached(keeper: Supervisor, health: Supervisor['health']): Promise<void> {
  return new Promise((resolve) => {
    const subscription = keeper.health$.subscribe((now) => {
      if (now !== health) return;
      resolve();
      queueMicrotask(() => subscription.unsubscribe());
    });
  });
}
