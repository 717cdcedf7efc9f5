import { VirtualClock } from '@watchkeeper/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Convergence } from '../src/notifier/convergence.ts';
import type { Fanout, Reader } from '../src/notifier/fanout.ts';
import { RetainedNotices } from '../src/notifier/retainedNotices.ts';
import { TopicSet, topicSetOf } from '../src/notifier/topicSet.ts';
import { createRunQueue } from '../src/runtime/runQueue.ts';

describe('a set of topics', () => {
  it('equals those with the same names in whatever order, and no other', () => {
    const lists = fc.array(fc.string({ maxLength: 2 }), { maxLength: 4 });
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        const same = JSON.stringify([...new Set(one)].sort()) === JSON.stringify([...new Set(other)].sort());
        expect(new TopicSet(one).equals(new TopicSet(other))).toBe(same);
        expect(new TopicSet(one).fingerprint).toBe(new TopicSet([...one, ...one].reverse()).fingerprint);
      }),
    );
  });

  it('is known again by its frozen list, and looked at anew where the list may have changed', () => {
    const frozen = Object.freeze(['a', 'b']);
    expect(topicSetOf(frozen)).toBe(topicSetOf(frozen));
    const list = ['a'];
    topicSetOf(list);
    list.push('b');
    expect(topicSetOf(list).equals(topicSetOf(frozen))).toBe(true);
  });
});

describe('clients of the same topics', () => {
  const reader: Reader = { offset: 0, isReady: false, run: () => 0, drop: () => {} };

  function retained() {
    const clock = new VirtualClock();
    const runQueue = createRunQueue({ onError: (cause) => expect.unreachable(String(cause)) });
    return new RetainedNotices(0, { runQueue, convergence: new Convergence(clock, () => {}), maxPending: 10 });
  }

  const topicsOf = ({ log }: Fanout) => [...log.entries()].map(({ notice }) => notice.topic);

  it('share a log, in whatever order they name them', () => {
    const notices = retained();
    for (const topic of ['a', 'b', 'c']) notices.tell({ type: 'health', topic, health: 'healthy' }, 0);
    const log = notices.subscribersOf({ topics: ['b', 'a'], maxPending: 10 });
    expect(notices.subscribersOf({ topics: ['a', 'b', 'a'], maxPending: 10 })).toBe(log);
    expect(notices.subscribersOf({ topics: ['a', 'b'], maxPending: 11 })).not.toBe(log);
    expect(notices.subscribersOf({ topics: ['a', 'c'], maxPending: 10 })).not.toBe(log);
    expect(topicsOf(log)).toEqual(['a', 'b']);
  });

  it('begin with the same notices in the same order, be they few of all topics or most of them', () => {
    const notices = retained();
    const topics = Array.from({ length: 100 }, (_, index) => `t${index}`);
    for (const topic of [...topics, 't3', 't1']) notices.tell({ type: 'health', topic, health: 'healthy' }, 0);
    notices.remove('t5');
    const few = notices.subscribersOf({ topics: ['t1', 't2', 't3', 't5'], maxPending: 10 });
    expect(topicsOf(few)).toEqual(['t2', 't3', 't1']);
    const most = notices.subscribersOf({ topics, maxPending: 10 });
    const others = topics.filter((topic) => !['t1', 't3', 't5'].includes(topic));
    expect(topicsOf(most)).toEqual([...others, 't3', 't1']);
  });

  it('keep their log while one takes the place of the last, and give it up with the last', () => {
    const notices = retained();
    const subscription = { topics: ['a'], maxPending: 10 };
    const log = notices.subscribersOf(subscription);
    log.add(reader);
    const next = { ...reader };
    expect(notices.subscribersOf(subscription)).toBe(log);
    log.remove(reader);
    log.add(next);
    expect(notices.subscribersOf(subscription)).toBe(log);
    log.add(reader);
    log.remove(reader);
    log.remove(next);
    expect(notices.subscribersOf(subscription)).not.toBe(log);
  });
});
