import type { Grant } from './grant.ts';

/** The topics a client asked for; `undefined` stands for all. */
export type Wish = ReadonlySet<string> | undefined;

/** The wish in the query of an upgrade request: `?topic=db&topic=logs`. None is every topic. */
export function wishOfUrl(url: string | undefined): Wish {
  const [, query = ''] = (url ?? '').split('?', 2);
  const topics = new URLSearchParams(query).getAll('topic');
  return topics.length === 0 ? undefined : new Set(topics);
}

/**
 * The wish in a client's message, `{"type":"subscribe","topics":["db","logs"]}`: it takes the place of the one
 * before, and without `topics` it is every topic. `'none'` when the message is something else.
 */
export function wishOfMessage(text: string): Wish | 'none' {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== 'object' || message === null || !('type' in message)) return 'none';
    if (message.type !== 'subscribe') return 'none';
    if (!('topics' in message)) return undefined;
    const { topics } = message;
    const areTopics = Array.isArray(topics) && topics.every((topic) => typeof topic === 'string');
    return areTopics ? new Set<string>(topics) : 'none';
  } catch {
    return 'none';
  }
}

/** What one client reads: what it asked for, within what it was granted. */
export class Subscription {
  readonly scope: string | undefined;
  readonly #granted: Wish;
  #wish: Wish;

  constructor({ scope, topics }: Grant, wish: Wish) {
    this.scope = scope;
    this.#granted = topics === undefined ? undefined : new Set(topics);
    this.#wish = wish;
  }

  change(wish: Wish): void {
    this.#wish = wish;
  }

  /** The topics of it by name; `undefined` stands for all. */
  get topics(): readonly string[] | undefined {
    const named = this.#wish ?? this.#granted;
    return named === undefined ? undefined : [...named].filter((topic) => this.reads(topic));
  }

  reads(topic: string): boolean {
    return (this.#granted?.has(topic) ?? true) && (this.#wish?.has(topic) ?? true);
  }

  /** Entries go to one scope, exactly: without one they reach nobody who has one. */
  hears(topic: string, scope: string | undefined): boolean {
    return scope === this.scope && this.reads(topic);
  }
}
