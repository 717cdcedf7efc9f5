import type { Clock } from '../clock/clock.ts';
import type { SupervisorOwnEvent } from '../events/events.ts';
import type { HealthNotice, Notice } from '../model/notice.ts';

/** Count of deliveries of the latest notice of one topic. */
interface Progress {
  readonly notice: HealthNotice;
  notifiers: number;
  /** Notifiers that delivered it. */
  told: number;
  /** Notifiers that neither delivered nor dropped it yet. */
  owed: number;
}

/**
 * Publishes `notice.converged` when nobody is owed the latest notice of a topic any more.
 *
 * An older notice is forgotten as soon as a newer one of its topic is broadcast.
 */
export class Convergence {
  readonly #clock: Clock;
  readonly #publish: (event: SupervisorOwnEvent) => void;
  readonly #underWay = new Map<string, Progress>();
  /** The one looked up last: a broadcast looks up the same one for each client. */
  #latest: Progress | undefined;

  constructor(clock: Clock, publish: (event: SupervisorOwnEvent) => void) {
    this.#clock = clock;
    this.#publish = publish;
  }

  /** Begins to count for a notice that goes out to `notifiers` notifiers. */
  begin(notice: HealthNotice, notifiers: number): void {
    this.#latest = undefined;
    if (notifiers === 0) this.#underWay.delete(notice.topic);
    else this.#underWay.set(notice.topic, { notice, notifiers, told: 0, owed: notifiers });
  }

  /** Counts one more notifier that is owed `notices`, because it was added while they were on their way. */
  join(notices: readonly HealthNotice[]): void {
    if (this.#underWay.size === 0) return;
    for (const notice of notices) {
      const progress = this.#underWay.get(notice.topic);
      if (progress?.notice !== notice) continue;
      progress.notifiers += 1;
      progress.owed += 1;
    }
  }

  /** Counts one notifier that has delivered (`told`) or dropped a notice. */
  deliveryEnded(notice: Notice, told: boolean): void {
    const progress = this.#progressOf(notice);
    if (progress === undefined) return;
    progress.owed -= 1;
    if (told) progress.told += 1;
    if (progress.owed > 0) return;
    const { topic, seq, at } = progress.notice;
    this.#underWay.delete(topic);
    this.#latest = undefined;
    const tookMs = Math.max(0, this.#clock.now() - at);
    this.#publish({ type: 'notice.converged', topic, seq, notifiers: progress.notifiers, told: progress.told, tookMs });
  }

  #progressOf(notice: Notice): Progress | undefined {
    if (this.#latest?.notice === notice) return this.#latest;
    if (this.#underWay.size === 0 || notice.type !== 'health') return undefined;
    const progress = this.#underWay.get(notice.topic);
    if (progress?.notice !== notice) return undefined;
    this.#latest = progress;
    return progress;
  }
}
