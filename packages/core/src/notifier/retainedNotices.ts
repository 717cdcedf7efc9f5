import type { GoawayNotice, HealthNotice, NoticeDraft } from '../model/notice.ts';

type HealthDraft = Extract<NoticeDraft, { type: 'health' }>;

/** Latest notice of every topic, which a new client is sent first (INV-8). MQTT calls them retained messages. */
export class RetainedNotices {
  readonly #latest = new Map<string, HealthNotice>();
  #seq = 0;

  /** Begins with one notice: the whole is healthy. */
  constructor(at: number) {
    this.#latest.set('', { type: 'health', topic: '', health: 'healthy', seq: 0, at });
  }

  /** Completes a notice of health with its number and time, and retains it as the latest of its topic. */
  retain(draft: HealthDraft, at: number): HealthNotice {
    this.#seq = Math.max(this.#seq + 1, draft.seq ?? 0);
    const notice = healthNotice(draft, draft.seq ?? this.#seq, draft.at ?? at);
    this.#latest.set(notice.topic, notice);
    return notice;
  }

  /** Completes a goaway with its time. It is not retained, since it concerns only present clients. */
  complete(draft: Extract<NoticeDraft, { type: 'goaway' }>, at: number): GoawayNotice {
    return { ...draft, at: draft.at ?? at };
  }

  /** Forgets a topic that no longer exists. */
  remove(topic: string): void {
    this.#latest.delete(topic);
  }

  /** Returns the latest notice of each of `topics`, or of every topic when that is left out. */
  latestOf(topics: Iterable<string> = this.#latest.keys()): readonly HealthNotice[] {
    return Array.from(topics, (topic) => this.#latest.get(topic)).filter((notice) => notice !== undefined);
  }
}

/** Written out, not spread: notices stay for as long as their topic, and a spread would give each a shape of its own. */
function healthNotice({ topic, health, detail }: HealthDraft, seq: number, at: number): HealthNotice {
  return detail === undefined
    ? { type: 'health', topic, health, seq, at }
    : { type: 'health', topic, health, seq, at, detail };
}
