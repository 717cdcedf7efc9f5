import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../src/alerts/alert.ts';
import { beforeRetry, delivered, emptyOutbox, givenUp, type Outbox, post } from '../src/alerts/outbox.ts';
import { outageOf } from './outages.ts';

const said = ({ queue }: Outbox): string[] => queue.map(({ target, news }) => `${target} ${news}`);

function fill(alerts: readonly Alert[], { isSending = false, maxQueued = 100 } = {}) {
  let outbox = emptyOutbox;
  let merged = 0;
  const dropped: Alert[] = [];
  for (const alert of alerts) {
    const posted = post(outbox, alert, { isSending, maxQueued });
    outbox = posted.outbox;
    merged += posted.merged ? 1 : 0;
    if (posted.dropped !== undefined) dropped.push(posted.dropped);
  }
  return { outbox, merged, dropped };
}

describe('an outbox', () => {
  const web = outageOf('web');
  const db = outageOf('db');

  it('keeps the order in which alerts came', () => {
    const { outbox } = fill([web.down, db.down, web.up], { isSending: true });
    expect(said(outbox)).toEqual(['web down', 'db down', 'web up']);
  });

  it('resolves a down that still waits and its up as one pair, in the place of the down (INV-71)', () => {
    const { outbox, merged } = fill([web.down, db.down, web.up]);
    expect(said(outbox)).toEqual(['web both', 'db down']);
    expect(merged).toBe(1);
  });

  it('leaves alone a down that is on its way: it may have been heard already', () => {
    const { outbox } = fill([web.down, web.up], { isSending: true });
    expect(said(outbox)).toEqual(['web down', 'web up']);
  });

  it('resolves the pair once that way has failed', () => {
    const { outbox } = fill([web.down, db.down, web.up], { isSending: true });
    const retried = beforeRetry(outbox);
    expect(said(retried.outbox)).toEqual(['web both', 'db down']);
    expect(retried.merged).toBe(true);
  });

  it('tells of a whole outage when the down was given up, whether its up waits or comes later', () => {
    const waiting = fill([web.down, web.up], { isSending: true }).outbox;
    expect(said(givenUp(waiting))).toEqual(['web both']);
    const later = post(givenUp(fill([db.down]).outbox), db.up, { isSending: false, maxQueued: 100 });
    expect(said(later.outbox)).toEqual(['db both']);
    expect(later.outbox.untold).toEqual({});
  });

  it('drops the oldest that waits when it is full, never the one that is tried', () => {
    const { outbox, dropped } = fill([web.down, db.down, outageOf('mail').down], { maxQueued: 2 });
    expect(said(outbox)).toEqual(['web down', 'mail down']);
    expect(dropped).toEqual([db.down]);
    expect(outbox.untold).toEqual({ db: db.down.outage });
  });

  it('never tells one target’s outages out of turn or torn apart, whatever fails (INV-58, INV-71)', () => {
    const step = fc.oneof(
      fc.record({ act: fc.constant('turn' as const), target: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ act: fc.constantFrom('send' as const, 'arrive' as const, 'fail' as const, 'give up' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (steps, maxQueued) => {
        const open = new Map<string, Alert>();
        const believed = new Map<string, string>();
        const lost = new Set<string>();
        let outbox = emptyOutbox;
        let isSending = false;
        for (const { act, ...turn } of steps) {
          const [first] = outbox.queue;
          if (act === 'turn' && 'target' in turn) {
            const begun = open.get(turn.target);
            const { down } = outageOf(turn.target);
            const alert: Alert = begun === undefined ? down : { ...begun, news: 'up' };
            if (begun === undefined) open.set(turn.target, down);
            else open.delete(turn.target);
            const posted = post(outbox, alert, { isSending, maxQueued });
            outbox = posted.outbox;
            if (posted.dropped?.news === 'up') lost.add(posted.dropped.outage);
          } else if (first === undefined) isSending = false;
          else if (!isSending) isSending = act === 'send';
          else if (act !== 'send') {
            isSending = false;
            if (act === 'arrive') hear(first, believed, lost);
            if (act === 'give up' && first.news === 'up') lost.add(first.outage);
            outbox =
              act === 'arrive' ? delivered(outbox) : act === 'give up' ? givenUp(outbox) : beforeRetry(outbox).outbox;
          }
          expect(outbox.queue.length).toBeLessThanOrEqual(maxQueued);
        }
      }),
    );
  });
});

/** Objections of a receiver that believes all it hears. */
function hear({ target, outage, news }: Alert, believed: Map<string, string>, lost: ReadonlySet<string>): void {
  const before = believed.get(target);
  const isUp = before === undefined || lost.has(before);
  if (news === 'up') expect(before).toBe(outage);
  else expect(isUp, `${target} is told to be ${news} while it is down`).toBe(true);
  if (news === 'down') believed.set(target, outage);
  else believed.delete(target);
}
