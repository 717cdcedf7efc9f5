import { backgroundTimer } from '../clock/backgroundTimer.ts';
import type { Clock } from '../clock/clock.ts';

const patienceMs = 1_000;

/**
 * Tells once that something waits for `start()`, a second after the first of it was made. Its timer is armed only while
 * something may wait.
 */
export class StartReminder {
  readonly #clock: Clock;
  readonly #remind: () => boolean;
  #cancel = () => {};
  #state: 'resting' | 'armed' | 'over' = 'resting';

  /** @param remind tells it, and returns whether there was something to tell. */
  constructor(clock: Clock, remind: () => boolean) {
    this.#clock = clock;
    this.#remind = remind;
  }

  /** Something was made that waits for the start. */
  arm(): void {
    if (this.#state !== 'resting') return;
    this.#state = 'armed';
    this.#cancel = backgroundTimer(this.#clock, patienceMs, () => {
      this.#state = this.#remind() ? 'over' : 'resting';
    });
  }

  /** The start has come, or never will. */
  end(): void {
    this.#state = 'over';
    this.#cancel();
  }
}
