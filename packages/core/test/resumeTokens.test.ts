import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResumeTokens } from '../src/adapters/resumeTokens.ts';

const position = fc.integer({ min: 0, max: 1e15 - 1 });
const lists = fc.option(fc.array(fc.string(), { maxLength: 5 }), { nil: undefined });
const setOf = (topics: readonly string[] | undefined) => JSON.stringify(topics && [...new Set(topics)].sort());

describe('tokens of positions', () => {
  it('are read again for the same feed and the same topics, in whatever order and however often', () => {
    fc.assert(
      fc.property(fc.string(), lists, position, (feedId, topics, place) => {
        const token = new ResumeTokens(feedId, topics).tokenOf(place);
        const again = topics && [...topics.toReversed(), ...topics];
        expect(new ResumeTokens(feedId, again).positionOf(token)).toBe(place);
      }),
    );
  });

  it('say nothing to another feed, to other topics, and where they were made up', () => {
    fc.assert(
      fc.property(fc.uuid(), lists, fc.uuid(), lists, position, (feed, topics, otherFeed, otherTopics, place) => {
        const token = new ResumeTokens(feed, topics).tokenOf(place);
        if (feed !== otherFeed) expect(new ResumeTokens(otherFeed, topics).positionOf(token)).toBeUndefined();
        if (setOf(topics) !== setOf(otherTopics)) {
          expect(new ResumeTokens(feed, otherTopics).positionOf(token)).toBeUndefined();
        }
      }),
    );
    const tokens = new ResumeTokens('feed', ['a']);
    const token = tokens.tokenOf(12);
    for (const made of [
      undefined,
      '',
      'feed',
      'feed.',
      'feed.12',
      `${token}.5`,
      `${token}x`,
      `${token}${'9'.repeat(15)}`,
    ]) {
      expect(tokens.positionOf(made), made).toBeUndefined();
    }
  });
});
