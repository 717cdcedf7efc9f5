import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { SupervisorEvent } from '../../src/index.ts';
import { createTestSupervisor, startMonitor } from '../support/testSupervisor.ts';

const typesOf = (events: readonly SupervisorEvent[]) => events.map(({ type }) => type);

describe("what kportal's event bus was tested for", () => {
  it('Subscribe, PublishWithData: who follows the events hears each with its facts and its time', async () => {
    const { clock, of, monitor } = startMonitor('-');
    await clock.settle();
    expect(of('health.changed').at(-1)).toEqual({
      type: 'health.changed',
      id: 'api',
      from: 'starting',
      to: 'unhealthy',
      detail: 'scripted failure',
      epoch: monitor.status.epoch,
      seq: 2,
      requiredFor: ['started', 'ready'],
      at: clock.now(),
    });
  });

  it('MultipleHandlers: each of three hears the same, in the same order', async () => {
    const { keeper, clock } = createTestSupervisor();
    const heard = [1, 2, 3].map(() => {
      const events: SupervisorEvent[] = [];
      keeper.events$.subscribe((event) => events.push(event));
      return events;
    });
    keeper.start();
    keeper.monitor('api', scriptedProbe('+'));
    await clock.settle();
    expect(heard[0]?.length).toBeGreaterThan(3);
    expect(heard[1]).toEqual(heard[0]);
    expect(heard[2]).toEqual(heard[0]);
  });

  it('SubscribeAll: one stream has every type, those made later too', async () => {
    const { keeper, clock, events } = createTestSupervisor();
    keeper.start();
    keeper.monitor('api', scriptedProbe('-'), { alertAfter: 1 });
    await clock.settle();
    keeper.broadcast({ type: 'goaway', reason: 'scale-up', graceMs: 0 });
    await clock.settle();
    expect(typesOf(events)).toEqual(
      expect.arrayContaining([
        'supervisor.started',
        'actor.started',
        'health.changed',
        'alert.raised',
        'notice.broadcast',
      ]),
    );
  });

  it('PublishAsync: nobody is called inside the call that makes an event', async () => {
    const { keeper, clock, events } = createTestSupervisor();
    keeper.start();
    expect(events).toEqual([]);
    await clock.settle();
    expect(typesOf(events)).toContain('supervisor.started');
  });

  it('Close: after the end nothing is told, and who comes then hears the end alone', async () => {
    const { keeper, clock, events } = createTestSupervisor();
    await keeper.stop();
    const said = events.length;
    const late: string[] = [];
    keeper.events$.subscribe({ next: ({ type }) => late.push(type), complete: () => late.push('complete') });
    keeper.broadcast({ type: 'health', topic: 'api', health: 'healthy' });
    keeper.start();
    await clock.settle();
    expect([events.length, late]).toEqual([said, ['complete']]);
  });

  it('ConcurrentAccess: of a hundred broadcasts all are told, in order', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    for (let turn = 0; turn < 100; turn++) {
      keeper.broadcast({ type: 'health', topic: `t${turn}`, health: 'healthy' });
    }
    await clock.settle();
    const topics = of('notice.broadcast').flatMap(({ notice }) => (notice.type === 'health' ? [notice.topic] : []));
    expect(topics).toEqual(Array.from({ length: 100 }, (_, turn) => `t${turn}`));
  });

  it('NewStaleEvent: stale is a health like any other, with its reason', async () => {
    const { clock, of } = startMonitor('-', { maxIdleMs: 1_500 });
    await clock.advance(2_000);
    expect(of('health.changed').at(-1)).toMatchObject({ to: 'stale', detail: 'idle for 2000 ms, more than 1500' });
  });
});
