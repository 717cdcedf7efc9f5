import { inbox } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError, type Supervisor } from '../src/index.ts';
import { SubscribersByTopic } from '../src/notifier/subscribers.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

const tell = (keeper: Supervisor, topic: string, health: 'healthy' | 'unhealthy') =>
  keeper.broadcast({ type: 'health', topic, health });

describe('a notifier with topics', () => {
  it('is told of its own topics only, from the first message on (INV-8)', async () => {
    const { keeper, clock } = createTestSupervisor();
    tell(keeper, 'api', 'healthy');
    tell(keeper, 'db', 'healthy');
    const client = inbox();
    keeper.notifier('a', client.deliver, { topics: ['db', 'cache'] });
    tell(keeper, 'api', 'unhealthy');
    tell(keeper, 'cache', 'unhealthy');
    await clock.settle();
    expect(client.said).toEqual(['db=healthy', 'cache=unhealthy']);
  });

  it('is told, where it goes on behind a position, what changed since, also by another log of its topics (INV-8)', async () => {
    const { keeper, clock } = createTestSupervisor();
    for (const topic of ['api', 'db', 'other']) tell(keeper, topic, 'healthy');
    const first = keeper.notifier('a', inbox().deliver, { topics: ['api', 'db'] });
    await clock.settle();
    const resumeAfter = first.position;
    first.close();
    tell(keeper, 'other', 'unhealthy');
    tell(keeper, 'db', 'unhealthy');
    const again = inbox();
    keeper.notifier('a', again.deliver, { topics: ['db', 'api'], resumeAfter });
    await clock.settle();
    expect(again.said).toEqual(['db=unhealthy']);
  });

  it('is told the present state where it goes on behind a position that was never reached (INV-8)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    tell(keeper, 'api', 'healthy');
    const client = inbox();
    keeper.notifier('a', client.deliver, { resumeAfter: 1_000 });
    await clock.settle();
    expect(client.said).toEqual(['=healthy', 'api=healthy']);
    expect(of('notice.coalesced')).toEqual([]);
  });

  it('stands, while a delivery lasts, behind what it is handed', async () => {
    const { keeper, clock } = createTestSupervisor();
    const positions: number[] = [];
    const client = keeper.notifier('a', (_notice) => void positions.push(client.position));
    await clock.settle();
    tell(keeper, 'api', 'healthy');
    tell(keeper, 'db', 'healthy');
    await clock.settle();
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(new Set(positions).size).toBe(3);
    expect(client.position).toBe(positions.at(-1));
  });

  it('is not counted among those a change of another topic wakes', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    for (let turn = 0; turn < 5; turn++) keeper.notifier(`api ${turn}`, inbox().deliver, { topics: ['api'] });
    keeper.notifier('all', inbox().deliver);
    tell(keeper, 'api', 'healthy');
    tell(keeper, 'db', 'healthy');
    await clock.settle();
    expect(of('notice.broadcast').map(({ notifiers }) => notifiers)).toEqual([6, 1]);
  });

  it('is told that the whole is going, and to go, whatever its topics', async () => {
    const { keeper, clock } = createTestSupervisor();
    const client = inbox();
    keeper.notifier('a', client.deliver, { topics: ['api'] });
    void keeper.drain({ noticeMs: 1_000 });
    await clock.advance(500);
    expect(client.said).toEqual(['=stopped']);
    const late = inbox();
    keeper.notifier('late', late.deliver, { topics: ['api'] });
    await clock.advance(500);
    expect(client.said).toEqual(['=stopped', 'goaway']);
    expect(late.said).toEqual(['=stopped', 'goaway']);
  });

  it('is told nothing more once it is replaced, even of a topic both had (INV-7)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const old = inbox();
    keeper.notifier('a', old.deliver, { topics: ['api'] });
    const next = inbox();
    keeper.notifier('a', next.deliver, { topics: ['api'] });
    tell(keeper, 'api', 'healthy');
    await clock.settle();
    expect(old.said).toEqual([]);
    expect(next.said).toEqual(['api=healthy']);
  });

  it('refuses topics that are no strings', () => {
    const { keeper } = createTestSupervisor();
    const topics = ['api', 7] as unknown as string[];
    expect(() => keeper.notifier('a', () => {}, { topics })).toThrow(InvalidOptionError);
    expect(() => keeper.notifier('a', () => {}, { topics })).toThrow('notifier.topics');
  });
});

describe('the subscribers of a topic', () => {
  it('no longer include one that was removed, were its topics named twice or not', () => {
    const audience = new SubscribersByTopic<string>();
    audience.add('a', ['x', 'x', 'y']);
    audience.add('b', ['y']);
    audience.add('c', undefined);
    expect(audience.of('x')).toEqual(['c', 'a']);
    audience.remove('a', ['x', 'x', 'y']);
    expect(audience.of('x')).toEqual(['c']);
    expect(audience.of('y')).toEqual(['c', 'b']);
    audience.remove('c', undefined);
    expect(audience.of('x')).toEqual([]);
  });
});
