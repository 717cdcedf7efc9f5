import type { Clock } from '../clock/clock.ts';
import type { SupervisorOwnEvent } from '../events/events.ts';
import type { HealthNotice } from '../model/notice.ts';

/** Count of deliveries of one notice, which hangs on its entry in every log. */
export interface Progress {
  readonly notice: HealthNotice;
  readonly notifiers: number;
  /** Notifiers that delivered it. */
  told: number;
  /** Notifiers that neither delivered nor dropped it yet. */
  owed: number;
}

/**
 * Publishes `notice.converged` when nobody is owed the latest notice of a topic any more.
 *
 * The count is of those who were there when it was told: who comes later is told the present state, and is not waited
 * for. An older notice is forgotten as soon as a newer one of its topic takes its place in the log.
 */
export class Convergence {
  readonly #clock: Clock;
  readonly #publish: (event: SupervisorOwnEvent) => void;

  constructor(clock: Clock, publish: (event: SupervisorOwnEvent) => void) {
    this.#clock = clock;
    this.#publish = publish;
  }

  /** Begins to count for a notice that goes out to `notifiers` notifiers. */
  begin(notice: HealthNotice, notifiers: number): Progress | undefined {
    return notifiers === 0 ? undefined : { notice, notifiers, told: 0, owed: notifiers };
  }

  /** Counts one notifier that has delivered (`told`) or dropped a notice. */
  settle(progress: Progress, told: boolean): void {
    progress.owed -= 1;
    if (told) progress.told += 1;
    if (progress.owed > 0) return;
    const { topic, seq, at } = progress.notice;
    const tookMs = Math.max(0, this.#clock.now() - at);
    this.#publish({ type: 'notice.converged', topic, seq, notifiers: progress.notifiers, told: progress.told, tookMs });
  }
}
