import type { GoawayNotice, HealthNotice, NoticeDraft } from '../model/notice.ts';
import { Fanout, type FanoutOptions } from './fanout.ts';
import type { LogEntry, NoticeLog } from './noticeLog.ts';
import type { ResolvedNotifierOptions } from './notifierOptions.ts';
import { SubscribersByTopic } from './subscribers.ts';

type HealthDraft = Extract<NoticeDraft, { type: 'health' }>;

/** What a client asks for. */
type Subscription = Pick<ResolvedNotifierOptions, 'topics' | 'maxPending'>;

/**
 * Latest notice of every topic, which a new client is told first (INV-8). MQTT calls them retained messages.
 *
 * Clients of the same topics share one log of them, and with it all that waits for them. The log of all topics is always
 * there; another lives as long as somebody reads it.
 */
export class RetainedNotices {
  readonly #options: FanoutOptions;
  /** Of all topics: what the others begin with. */
  readonly #all: Fanout;
  readonly #byKey = new Map<string, Fanout>();
  readonly #byTopic = new SubscribersByTopic<Fanout>();
  #seq = 0;
  /** Offset of the last change, in whatever logs. It is not the `seq` of a notice: a draft may bring its own. */
  #offset = 1;
  /** Whether the whole concerns everybody, whatever topics they chose. */
  #isWholeForAll = false;

  /** Begins with one notice: the whole is healthy. */
  constructor(at: number, options: FanoutOptions) {
    this.#options = options;
    this.#all = new Fanout(options);
    this.#byTopic.add(this.#all, undefined);
    this.#all.append({ type: 'health', topic: '', health: 'healthy', seq: 0, at }, undefined, this.#offset);
  }

  /** Completes a notice of health with its number and time, retains it, and lets all read it whom it concerns. */
  tell(draft: HealthDraft, at: number): { readonly notice: HealthNotice; readonly notifiers: number } {
    return this.#append(draft, at, this.#byTopic.of(draft.topic));
  }

  /** As {@link RetainedNotices.tell}, for everybody whatever topics they chose, and whoever comes later. */
  tellAll(draft: HealthDraft, at: number): { readonly notice: HealthNotice; readonly notifiers: number } {
    this.#isWholeForAll = true;
    return this.#append(draft, at, [this.#all, ...this.#byKey.values()]);
  }

  /** Completes a goaway with its time. It is not retained, since it concerns only present clients. */
  complete(draft: Extract<NoticeDraft, { type: 'goaway' }>, at: number): GoawayNotice {
    return { ...draft, at: draft.at ?? at };
  }

  /** Forgets a topic that no longer exists, once those have been told its last notice who read now. */
  remove(topic: string): void {
    this.#offset += 1;
    for (const fanout of this.#byTopic.of(topic)) fanout.removeTopic(topic, this.#offset);
  }

  /**
   * The clients of a subscription, where the next one is added; of a client that will read nothing, those of all topics.
   * A log that was made for it and gets no reader stays.
   */
  subscribersOf(subscription: Subscription | undefined): Fanout {
    if (subscription === undefined) return this.#all;
    const { topics, maxPending } = subscription;
    if (topics === undefined && maxPending === this.#options.maxPending) return this.#all;
    const key = `${maxPending} ${topics === undefined ? '' : keyOf(topics)}`;
    return this.#byKey.get(key) ?? this.#open(key, subscription);
  }

  #append(draft: HealthDraft, at: number, fanouts: readonly Fanout[]) {
    this.#seq = Math.max(this.#seq + 1, draft.seq ?? 0);
    const notice = healthNotice(draft, draft.seq ?? this.#seq, draft.at ?? at);
    let notifiers = 0;
    for (const { readers } of fanouts) notifiers += readers;
    const progress = this.#options.convergence.begin(notice, notifiers);
    this.#offset += 1;
    for (const fanout of fanouts) fanout.append(notice, progress, this.#offset);
    return { notice, notifiers };
  }

  #open(key: string, { topics, maxPending }: Subscription): Fanout {
    const onEmpty = () => {
      this.#byKey.delete(key);
      this.#byTopic.remove(fanout, topics);
    };
    const fanout: Fanout = new Fanout({ ...this.#options, maxPending, onEmpty });
    this.#byKey.set(key, fanout);
    this.#byTopic.add(fanout, topics);
    const whole = this.#isWholeForAll ? [''] : [];
    const begun = topics === undefined ? present(this.#all.log) : entriesOf(this.#all.log, [...whole, ...topics]);
    for (const { notice, offset } of begun) fanout.append(notice, undefined, offset);
    return fanout;
  }
}

/** The present entries of a log, in order. */
function present(log: NoticeLog): LogEntry[] {
  return [...log.entries()].filter(({ removedAt }) => removedAt === 0).sort(byOffset);
}

function entriesOf(log: NoticeLog, topics: readonly string[]): LogEntry[] {
  const entries = Array.from(new Set(topics), (topic) => log.entryOf(topic));
  return entries.filter((entry) => entry !== undefined).sort(byOffset);
}

const byOffset = (one: LogEntry, other: LogEntry): number => one.offset - other.offset;

const keys = new WeakMap<readonly string[], string>();

/** A name for a set of topics, the same in whatever order. A frozen list is known again without a look at what is in it. */
function keyOf(topics: readonly string[]): string {
  const known = keys.get(topics);
  if (known !== undefined) return known;
  const key = JSON.stringify([...new Set(topics)].sort());
  if (Object.isFrozen(topics)) keys.set(topics, key);
  return key;
}

/** Written out, not spread: notices stay for as long as their topic, and a spread would give each a shape of its own. */
function healthNotice({ topic, health, detail }: HealthDraft, seq: number, at: number): HealthNotice {
  return detail === undefined
    ? { type: 'health', topic, health, seq, at }
    : { type: 'health', topic, health, seq, at, detail };
}
