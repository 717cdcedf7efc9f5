import type { Clock } from '../clock/clock.ts';
import type { Child } from './child.ts';

/** A restart that waits: for its time, and until the siblings have ended that are restarted with it. */
interface PendingRestart<TChild> {
  /** In the order in which they start. */
  readonly children: Set<TChild>;
  timer: unknown;
  isDue: boolean;
  areEnded: boolean;
}

/** How children are ended and started. */
interface Steps<TChild> {
  readonly clock: Clock;
  /** Ends a child that still runs. Returns nothing when that is done at once. */
  readonly end: (child: TChild) => Promise<unknown> | undefined;
  readonly start: (child: TChild) => void;
}

/** The restarts of a registry that wait. A child is in one of them at most. */
export class PendingRestarts<TChild extends Child> {
  readonly #steps: Steps<TChild>;
  readonly #restartOf = new Map<TChild, PendingRestart<TChild>>();

  constructor(steps: Steps<TChild>) {
    this.#steps = steps;
  }

  /**
   * Ends the children that still run, the last first and each awaited, and starts all in their order once that is done
   * and `delayMs` have passed. Takes them out of any restart that they wait for.
   */
  begin(children: readonly TChild[], delayMs: number): void {
    const { clock } = this.#steps;
    const restart: PendingRestart<TChild> = {
      children: new Set(children),
      timer: undefined,
      isDue: false,
      areEnded: false,
    };
    for (const child of children) {
      this.#leave(child);
      this.#restartOf.set(child, restart);
      child.past.waitsSince ??= clock.now();
    }
    restart.timer = clock.setTimeout(() => {
      restart.isDue = true;
      this.#startWhenReady(restart);
    }, delayMs);
    void this.#endAll(children, restart);
  }

  /** Cancels the restart of one child, if it waits for one. */
  cancel(child: TChild): void {
    if (!this.#leave(child)) return;
    child.past.waitsSince = undefined;
    child.tellReplaced(undefined);
  }

  async #endAll(children: readonly TChild[], restart: PendingRestart<TChild>): Promise<void> {
    for (const child of [...children].reverse()) {
      if (this.#restartOf.get(child) !== restart) continue;
      const ending = this.#steps.end(child);
      // Without a wait it goes on at once, in the same transition of the parent.
      if (ending !== undefined) await ending;
    }
    restart.areEnded = true;
    this.#startWhenReady(restart);
  }

  #startWhenReady(restart: PendingRestart<TChild>): void {
    if (!restart.isDue || !restart.areEnded) return;
    for (const child of restart.children) {
      // A failed start may have put the rest into another restart.
      if (this.#restartOf.get(child) !== restart) continue;
      this.#leave(child);
      const { past } = child;
      past.waitedMs = child.waitedMs(this.#steps.clock.now());
      past.waitsSince = undefined;
      this.#steps.start(child);
    }
  }

  /** @returns whether the child waited for a restart. */
  #leave(child: TChild): boolean {
    const restart = this.#restartOf.get(child);
    if (restart === undefined) return false;
    this.#restartOf.delete(child);
    restart.children.delete(child);
    if (restart.children.size === 0) this.#steps.clock.clearTimeout(restart.timer);
    return true;
  }
}
