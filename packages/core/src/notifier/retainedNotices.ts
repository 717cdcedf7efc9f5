import type { GoawayNotice, HealthNotice, NoticeDraft } from '../model/notice.ts';
import { Fanout, type FanoutOptions } from './fanout.ts';
import type { LogEntry, NoticeLog } from './noticeLog.ts';
import type { ResolvedNotifierOptions } from './notifierOptions.ts';
import { SubscribersByTopic } from './subscribers.ts';
import { type TopicSet, topicSetOf } from './topicSet.ts';

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
  /** Those of some topics, by what is most likely only theirs. */
  readonly #byKey = new Map<string, Channel[]>();
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
    return this.#append(draft, at, [this.#all, ...[...this.#byKey.values()].flat().map(({ fanout }) => fanout)]);
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
    const set = topics === undefined ? undefined : topicSetOf(topics);
    const key = `${maxPending} ${set?.fingerprint}`;
    const known = this.#byKey.get(key)?.find((channel) => isSameSet(channel.topics, set));
    const fanout = known?.fanout ?? this.#open(key, set, maxPending);
    fanout.expectReader();
    return fanout;
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

  #open(key: string, set: TopicSet | undefined, maxPending: number): Fanout {
    const topics = set?.names;
    const onEmpty = () => {
      const others = this.#byKey.get(key)?.filter((channel) => channel.fanout !== fanout) ?? [];
      if (others.length > 0) this.#byKey.set(key, others);
      else this.#byKey.delete(key);
      this.#byTopic.remove(fanout, topics);
    };
    const fanout: Fanout = new Fanout({ ...this.#options, maxPending, onEmpty });
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), { topics: set, fanout }]);
    this.#byTopic.add(fanout, topics);
    const isConcerned = (topic: string) =>
      topics === undefined || topics.has(topic) || (this.#isWholeForAll && topic === '');
    const begun =
      topics !== undefined && topics.size * 8 < this.#all.log.topics
        ? entriesOf(this.#all.log, this.#isWholeForAll ? ['', ...topics] : [...topics])
        : present(this.#all.log).filter(({ notice }) => isConcerned(notice.topic));
    for (const { notice, offset } of begun) fanout.append(notice, undefined, offset);
    return fanout;
  }
}

/** The clients of one set of topics; none is of all, with limits of their own. */
interface Channel {
  readonly topics: TopicSet | undefined;
  readonly fanout: Fanout;
}

function isSameSet(one: TopicSet | undefined, other: TopicSet | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

/** The present entries of a log, in order. */
function present(log: NoticeLog): LogEntry[] {
  const entries: LogEntry[] = [];
  for (let entry = log.entryAfter(0); entry !== undefined; entry = log.entryAfter(entry.offset)) {
    if (entry.removedAt === 0) entries.push(entry);
  }
  return entries;
}

function entriesOf(log: NoticeLog, topics: readonly string[]): LogEntry[] {
  const entries = Array.from(new Set(topics), (topic) => log.entryOf(topic));
  return entries.filter((entry) => entry !== undefined).sort(byOffset);
}

const byOffset = (one: LogEntry, other: LogEntry): number => one.offset - other.offset;

/** Written out, not spread: notices stay for as long as their topic, and a spread would give each a shape of its own. */
function healthNotice({ topic, health, detail }: HealthDraft, seq: number, at: number): HealthNotice {
  return detail === undefined
    ? { type: 'health', topic, health, seq, at }
    : { type: 'health', topic, health, seq, at, detail };
}
