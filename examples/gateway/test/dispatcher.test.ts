import { VirtualClock } from '@watchkeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '../src/alerts/deliveryError.ts';
import type { DeliveryEvent } from '../src/alerts/deliveryEvent.ts';
import { AlertDesk } from '../src/alerts/desk.ts';
import { type RetryPolicy, retryDefaults } from '../src/alerts/retryPolicy.ts';
import { webhook } from '../src/alerts/webhook.ts';
import { outageOf } from './outages.ts';

type Answer = 'take' | 'fail' | 'refuse' | 'hang' | { readonly retryAfterMs: number };

const desks: AlertDesk[] = [];

afterEach(async () => {
  for (const desk of desks.splice(0)) void desk.close();
});

/** A desk whose destinations answer as told, in virtual time. */
function open(names: readonly string[], policy: Partial<RetryPolicy> = {}) {
  const clock = new VirtualClock({ epochMs: 0 });
  const answers = new Map<string, Answer[]>();
  const tried: string[] = [];
  const heard: string[] = [];
  const events: DeliveryEvent[] = [];
  const desk = new AlertDesk({
    clock,
    random: () => 0.5,
    tell: (event) => events.push(event),
    send: async ({ url, body }, signal) => {
      const { hostname } = new URL(url);
      const { target, news } = body as { target: string; news: string };
      tried.push(`${clock.now()} ${hostname}: ${target} ${news}`);
      const answer = answers.get(hostname)?.shift() ?? 'take';
      if (answer === 'hang') await new Promise((_, reject) => signal.addEventListener('abort', reject));
      if (answer === 'refuse') throw new DeliveryError('answered 410', { isFinal: true });
      if (answer !== 'take')
        throw new DeliveryError('answered 503', answer === 'fail' ? {} : { ...(answer as object) });
      heard.push(`${hostname}: ${target} ${news}`);
    },
  });
  desks.push(desk);
  const planOf = (host: string) => ({
    destination: webhook({ url: `http://${host}/` }),
    policy: { ...retryDefaults, ...policy },
  });
  for (const name of names) desk.add(name, planOf(name));
  const count = (type: DeliveryEvent['type']) => events.filter((event) => event.type === type).length;
  return { clock, desk, answers, tried, heard, events, planOf, count };
}

describe('a dispatcher', () => {
  it('delivers one alert at a time, in their order (INV-71)', async () => {
    const { clock, desk, heard, tried, answers } = open(['ops']);
    const [web, db] = [outageOf('web'), outageOf('db')];
    answers.set('ops', ['fail', 'fail', 'fail']);
    for (const alert of [web.down, db.down, outageOf('mail').down]) desk.tell(alert, ['ops']);
    await clock.settle();
    expect(tried).toHaveLength(1);
    await clock.advance(60_000);
    desk.tell(web.up, ['ops']);
    desk.tell(db.up, ['ops']);
    await clock.settle();
    expect(heard).toEqual(['ops: web down', 'ops: db down', 'ops: mail down', 'ops: web up', 'ops: db up']);
  });

  it('never makes the one who tells it wait, nor another destination (INV-71)', async () => {
    const { clock, desk, heard, answers } = open(['slow', 'quick']);
    answers.set('slow', ['hang', 'hang', 'hang']);
    for (let turn = 0; turn < 50; turn++) desk.tell(outageOf(`t${turn}`).down, ['slow', 'quick']);
    await clock.settle();
    expect(heard).toHaveLength(50);
    expect(heard.every((line) => line.startsWith('quick: '))).toBe(true);
  });

  it('tries again after 1, 2, 4 … seconds, and no later than the longest wait', async () => {
    const { clock, desk, tried, answers, count } = open(['ops'], { maxDelayMs: 3_000 });
    answers.set('ops', ['fail', 'fail', 'fail', 'fail']);
    desk.tell(outageOf('web').down, ['ops']);
    await clock.advance(60_000);
    expect(tried.map((line) => Number.parseInt(line, 10))).toEqual([0, 1_000, 3_000, 6_000, 9_000]);
    expect([count('alert.retrying'), count('alert.sent')]).toEqual([4, 1]);
  });

  it('waits as long as it is asked to, within its own bound', async () => {
    const { clock, desk, tried, answers } = open(['ops'], { maxDelayMs: 60_000 });
    answers.set('ops', [{ retryAfterMs: 20_000 }, { retryAfterMs: 86_400_000 }]);
    desk.tell(outageOf('web').down, ['ops']);
    await clock.advance(120_000);
    expect(tried.map((line) => Number.parseInt(line, 10))).toEqual([0, 20_000, 80_000]);
  });

  it('cuts a try that hangs, and tries again', async () => {
    const { clock, desk, heard, answers, events } = open(['ops'], { timeoutMs: 2_000 });
    answers.set('ops', ['hang']);
    desk.tell(outageOf('web').down, ['ops']);
    await clock.advance(2_000);
    expect(events).toMatchObject([{ type: 'alert.retrying', why: 'no answer within 2000 ms' }]);
    await clock.advance(1_000);
    expect(heard).toEqual(['ops: web down']);
  });

  it('drops an alert after its last try, counts it, and gives the next as many tries (INV-77)', async () => {
    const { clock, desk, heard, answers, events } = open(['ops'], { attempts: 3 });
    answers.set('ops', ['fail', 'fail', 'fail', 'fail', 'fail']);
    desk.tell(outageOf('web').down, ['ops']);
    desk.tell(outageOf('db').down, ['ops', 'ops']);
    await clock.advance(60_000);
    expect(heard).toEqual(['ops: db down']);
    expect(events.find(({ type }) => type === 'alert.dropped')).toMatchObject({
      reason: 'exhausted',
      why: 'answered 503',
    });
    expect(desk.statuses()).toMatchObject([{ name: 'ops', sent: 1, retried: 4, dropped: 1, queued: 0, state: 'idle' }]);
  });

  it('does not try again where it was refused for good', async () => {
    const { clock, desk, tried, answers, events } = open(['ops']);
    answers.set('ops', ['refuse']);
    desk.tell(outageOf('web').down, ['ops']);
    await clock.advance(600_000);
    expect(tried).toHaveLength(1);
    expect(events).toMatchObject([{ type: 'alert.dropped', reason: 'refused', why: 'answered 410' }]);
  });

  it('tells of a whole outage at once when the target came back before its down was heard (INV-71)', async () => {
    const { clock, desk, heard, answers, count } = open(['ops']);
    const web = outageOf('web');
    answers.set('ops', ['fail']);
    desk.tell(web.down, ['ops']);
    await clock.advance(500);
    desk.tell(web.up, ['ops']);
    await clock.advance(5_000);
    expect(heard).toEqual(['ops: web both']);
    expect(count('alert.merged')).toBe(1);
  });

  it('merges the pair also when the up comes while the down’s try is about to fail (INV-71)', async () => {
    const { clock, desk, heard, answers } = open(['ops'], { timeoutMs: 1_000 });
    const web = outageOf('web');
    answers.set('ops', ['hang']);
    desk.tell(web.down, ['ops']);
    await clock.settle();
    desk.tell(web.up, ['ops']);
    await clock.advance(10_000);
    expect(heard).toEqual(['ops: web both']);
  });

  it('takes the alerts that wait to where a reload sends it, at once', async () => {
    const { clock, desk, heard, answers, planOf } = open(['ops']);
    answers.set('ops', Array<Answer>(10).fill('fail'));
    desk.tell(outageOf('web').down, ['ops']);
    await clock.advance(10_000);
    desk.update('ops', planOf('elsewhere'));
    await clock.settle();
    expect(heard).toEqual(['elsewhere: web down']);
  });

  it('delivers what it owes when it closes, and reports what it could not (INV-71)', async () => {
    const { clock, desk, heard, answers, count } = open(['works', 'broken'], { closeMs: 3_000 });
    answers.set('works', ['fail']);
    answers.set('broken', Array<Answer>(10).fill('fail'));
    desk.tell(outageOf('web').down, ['works', 'broken']);
    await clock.settle();
    const closed = desk.close();
    await clock.settle();
    expect(heard).toEqual(['works: web down']);
    await clock.advance(3_000);
    expect(await closed).toMatchObject([
      { destination: 'works', sent: 1, dropped: 0, undelivered: [] },
      { destination: 'broken', sent: 0, dropped: 1, undelivered: [{ target: 'web', news: 'down' }] },
    ]);
    expect(count('alert.dropped')).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('refuses what comes after its end has begun, and says so (INV-77)', async () => {
    const { clock, desk, answers, events } = open(['ops']);
    answers.set('ops', ['hang', 'hang', 'hang']);
    desk.tell(outageOf('web').down, ['ops']);
    await clock.settle();
    const closed = desk.close();
    desk.tell(outageOf('db').down, ['ops']);
    await clock.advance(10_000);
    expect((await closed).map(({ dropped }) => dropped)).toEqual([2]);
    expect(events.filter(({ type }) => type === 'alert.dropped')).toMatchObject([
      { reason: 'closed', alert: { target: 'db' } },
      { reason: 'closed', alert: { target: 'web' } },
    ]);
  });
});
