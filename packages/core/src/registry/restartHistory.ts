import { decideRestart, type RestartDecision, type RestartLimit } from './restartPolicy.ts';

/** The part of a child that its restarts are counted by. */
export interface Restartable {
  readonly past: { attempts: number; restartedAt: number | undefined };
  /** Milliseconds that it has waited for restarts. */
  waitedMs(now: number): number;
}

interface PastRestart {
  readonly child: Restartable;
  readonly at: number;
  /** What the child had waited before, in milliseconds. */
  readonly waitedMs: number;
}

/**
 * The restarts of a registry. The time that a child waits for a restart does not count, so that a back-off longer than
 * the period does not hide a child that crashes whenever it runs.
 */
export class RestartHistory {
  readonly #limit: RestartLimit;
  #restarts: PastRestart[] = [];

  constructor(limit: RestartLimit) {
    this.#limit = limit;
  }

  /** Decides on a restart of `child`, and remembers it when it is allowed. */
  decide(child: Restartable, now: number): RestartDecision {
    const { periodMs } = this.#limit;
    this.#restarts = this.#restarts.filter((restart) => now - withoutWaits(restart, now) <= periodMs);
    const restarts = this.#restarts.map((restart) => withoutWaits(restart, now));
    const decision = decideRestart(restarts, now, this.#limit);
    if (decision.allowed) this.#restarts.push({ child, at: now, waitedMs: child.waitedMs(now) });
    return decision;
  }

  /** Counts one more restart of `child`: from 1 again, when it ran for longer than the period before. */
  countAttempt(child: Restartable, now: number): number {
    const { past } = child;
    const ranWell = past.restartedAt !== undefined && now - past.restartedAt > this.#limit.periodMs;
    past.attempts = ranWell ? 1 : past.attempts + 1;
    return past.attempts;
  }
}

/** When a restart would have happened if its child had not waited since. */
function withoutWaits({ child, at, waitedMs }: PastRestart, now: number): number {
  return at + child.waitedMs(now) - waitedMs;
}
