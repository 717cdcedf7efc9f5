import type { GoawayNotice, HealthNotice, NoticeDraft } from '../model/notice.ts';

type HealthDraft = Extract<NoticeDraft, { type: 'health' }>;

/** The latest notice of every topic, which is what a new client is told first (INV-8). */
export class Board {
  readonly #latest = new Map<string, HealthNotice>();
  #seq = 0;

  /** A board that says one thing: nothing is known against the whole. */
  constructor(at: number) {
    this.#latest.set('', { type: 'health', topic: '', health: 'healthy', seq: 0, at });
  }

  /** Completes a notice of health and keeps it as the latest of its topic. */
  publish(draft: HealthDraft, at: number): HealthNotice {
    this.#seq = Math.max(this.#seq + 1, draft.seq ?? 0);
    const notice = complete(draft, draft.seq ?? this.#seq, draft.at ?? at);
    this.#latest.set(notice.topic, notice);
    return notice;
  }

  /** Completes a goaway; it is not kept, since it concerns only who is there. */
  dismiss(draft: Extract<NoticeDraft, { type: 'goaway' }>, at: number): GoawayNotice {
    return { ...draft, at: draft.at ?? at };
  }

  /** Forgets a topic that no longer exists. */
  remove(topic: string): void {
    this.#latest.delete(topic);
  }

  /** The latest notice of each of `topics`, or of every topic when that is left out. */
  latestOf(topics: Iterable<string> = this.#latest.keys()): readonly HealthNotice[] {
    return Array.from(topics, (topic) => this.#latest.get(topic)).filter((notice) => notice !== undefined);
  }
}

/** Written out, not spread: notices stay for as long as their topic, and a spread would give each a shape of its own. */
function complete({ topic, health, detail }: HealthDraft, seq: number, at: number): HealthNotice {
  return detail === undefined
    ? { type: 'health', topic, health, seq, at }
    : { type: 'health', topic, health, seq, at, detail };
}
