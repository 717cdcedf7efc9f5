import { topicSetOf } from '../notifier/topicSet.ts';

/**
 * The positions of one client as text that it keeps and brings back: the `id:` of server-sent events, or a message.
 *
 * A token says of which feed and of which topics it is, so that nobody resumes by the position of another program, or
 * misses what it did not ask for before. It is no secret, and whoever makes one up only misses something himself.
 *
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { ResumeTokens } from '@watchkeeper/core/adapters';
 *
 * const keeper = createSupervisor();
 * const tokens = new ResumeTokens('feed 7', ['api', 'db']);
 * const resumeAfter = tokens.positionOf('what the client brought');
 * const client = keeper.notifier('a', (notice) => console.log(notice), { topics: ['api', 'db'], resumeAfter });
 * const token = tokens.tokenOf(client.position);
 * ```
 */
export class ResumeTokens {
  readonly #prefix: string;

  /**
   * @param feedId names the numbering: unlike that of any other program, and of this one when it ran before.
   * @param topics of the client, in whatever order; `undefined` for all.
   */
  constructor(feedId: string, topics: readonly string[] | undefined) {
    this.#prefix = topics === undefined ? `${feedId}.` : `${feedId}.${topicSetOf(topics).fingerprint}.`;
  }

  /** @returns a position of a notifier as a token. */
  tokenOf(position: number): string {
    return `${this.#prefix}${position}`;
  }

  /** @returns the position in a token; nothing when it is of another feed, of other topics or no token at all. */
  positionOf(token: string | undefined): number | undefined {
    if (token === undefined || !token.startsWith(this.#prefix)) return undefined;
    const digits = token.slice(this.#prefix.length);
    return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
  }
}
