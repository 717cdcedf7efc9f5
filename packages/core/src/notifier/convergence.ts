import type { Clock } from '../clock/clock.ts';
import type { SupervisorOwnEvent } from '../events/events.ts';
import type { HealthNotice, Notice } from '../model/notice.ts';

/** How far the latest notice of one topic has come. */
interface Progress {
  readonly notice: HealthNotice;
  notifiers: number;
  told: number;
  /** Notifiers that neither delivered nor dropped it yet. */
  owed: number;
}

/**
 * Says of the latest notice of each topic when the last client was told.
 *
 * An older notice is forgotten as soon as a newer one of its topic is broadcast: whoever waits, waits for that one.
 */
export class Convergence {
  readonly #clock: Clock;
  readonly #publish: (fact: SupervisorOwnEvent) => void;
  readonly #underWay = new Map<string, Progress>();
  /** The one asked for last: a broadcast asks for the same once for each client. */
  #latest: Progress | undefined;

  constructor(clock: Clock, publish: (fact: SupervisorOwnEvent) => void) {
    this.#clock = clock;
    this.#publish = publish;
  }

  /** A notice goes out to so many notifiers. */
  begin(notice: HealthNotice, notifiers: number): void {
    this.#latest = undefined;
    if (notifiers === 0) this.#underWay.delete(notice.topic);
    else this.#underWay.set(notice.topic, { notice, notifiers, told: 0, owed: notifiers });
  }

  /** One more notifier is owed these notices: it came while they were under way. */
  join(notices: readonly HealthNotice[]): void {
    if (this.#underWay.size === 0) return;
    for (const notice of notices) {
      const progress = this.#underWay.get(notice.topic);
      if (progress?.notice !== notice) continue;
      progress.notifiers += 1;
      progress.owed += 1;
    }
  }

  /** One notifier has delivered or dropped a notice. */
  settle(notice: Notice, told: boolean): void {
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
