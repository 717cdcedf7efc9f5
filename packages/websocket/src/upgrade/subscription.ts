import type { Grant } from './grant.ts';

/** The topics a client asked for; `undefined` stands for all. */
export type RequestedTopics = ReadonlySet<string> | undefined;

/** Returns the topics in the query of an upgrade request: `?topic=db&topic=logs`. None is every topic. */
export function topicsOfUrl(url: string | undefined): RequestedTopics {
  const [, query = ''] = (url ?? '').split('?', 2);
  const topics = new URLSearchParams(query).getAll('topic');
  return topics.length === 0 ? undefined : new Set(topics);
}

/** Returns the cursor in the query of an upgrade request: `?resume=…`; empty at first. `undefined`: it wants no cursors. */
export function resumeOfUrl(url: string | undefined): string | undefined {
  const [, query = ''] = (url ?? '').split('?', 2);
  return new URLSearchParams(query).get('resume') ?? undefined;
}

/** What a client asks for in a message. */
export interface SubscribeMessage {
  readonly topics: RequestedTopics;
  /** The cursor that it resumes from; empty for none yet, `undefined` where it wants none. */
  readonly resume: string | undefined;
}

/**
 * Reads a client's message `{"type":"subscribe","topics":["db","logs"],"resume":"…"}`.
 *
 * @returns the topics, which replace those requested before; `undefined`, every topic, for a message without `topics`;
 * `'none'` when the message is something else.
 */
export function readSubscribe(text: string): SubscribeMessage | 'none' {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== 'object' || message === null || !('type' in message)) return 'none';
    if (message.type !== 'subscribe') return 'none';
    const resume = 'resume' in message ? message.resume : undefined;
    if (resume !== undefined && typeof resume !== 'string') return 'none';
    if (!('topics' in message)) return { topics: undefined, resume };
    const { topics } = message;
    const areTopics = Array.isArray(topics) && topics.every((topic) => typeof topic === 'string');
    return areTopics ? { topics: new Set<string>(topics), resume } : 'none';
  } catch {
    return 'none';
  }
}

/** Limits of the topics that a client asks for. */
export interface TopicLimits {
  readonly maxTopics: number;
  readonly maxTopicLength: number;
}

/** A limit that requested topics go past. */
export interface TopicExcess {
  readonly option: keyof TopicLimits;
  readonly limit: number;
  /** What the client is told; short enough for a close frame. */
  readonly reason: string;
}

/** @returns the first limit that `topics` go past; `undefined` when they keep to all. */
export function excessOf(topics: RequestedTopics, limits: TopicLimits): TopicExcess | undefined {
  if (topics === undefined) return undefined;
  const { maxTopics, maxTopicLength } = limits;
  if (topics.size > maxTopics) return { option: 'maxTopics', limit: maxTopics, reason: 'too many topics' };
  for (const topic of topics) {
    if (topic.length > maxTopicLength) {
      return { option: 'maxTopicLength', limit: maxTopicLength, reason: 'name of a topic too long' };
    }
  }
  return undefined;
}

/** Topics and scope that one client reads: what it asked for, within what it was granted. */
export class Subscription {
  readonly scope: string | undefined;
  readonly #granted: RequestedTopics;
  #requested: RequestedTopics;

  constructor({ scope, topics }: Grant, requested: RequestedTopics) {
    this.scope = scope;
    this.#granted = topics === undefined ? undefined : new Set(topics);
    this.#requested = requested;
  }

  /** Replaces the requested topics. */
  change(requested: RequestedTopics): void {
    this.#requested = requested;
  }

  /** Its topics by name; `undefined` stands for all. */
  get topics(): readonly string[] | undefined {
    const named = this.#requested ?? this.#granted;
    return named === undefined ? undefined : [...named].filter((topic) => this.reads(topic));
  }

  /** Returns whether `topic` was both requested and granted. */
  reads(topic: string): boolean {
    return (this.#granted?.has(topic) ?? true) && (this.#requested?.has(topic) ?? true);
  }

  /** Returns whether entries of `topic` and `scope` go to this client: only those of exactly its own scope do. */
  hears(topic: string, scope: string | undefined): boolean {
    return scope === this.scope && this.reads(topic);
  }
}
