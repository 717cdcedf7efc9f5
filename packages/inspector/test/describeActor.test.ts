import { createSupervisor, type Supervisor } from '@watchkeeper/core';
import { fakeConnection, inbox, scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeActor } from '../src/describe/describeActor.ts';

const secrets = ['hunter2', 't0psecret', 'sk_live_4eC39HqLyjWDarjtT1'] as const;

describe('describeActor', () => {
  let clock: VirtualClock;
  let keeper: Supervisor;
  const quick = { intervalMs: 1_000, jitter: 0 };
  const detail = (kind: 'monitor' | 'notifier' | 'session', id: string) =>
    describeActor(keeper, { kind, id }, clock.now());

  beforeEach(() => {
    clock = new VirtualClock();
    keeper = createSupervisor({ clock });
  });

  it('names the dependencies of a monitor and the root cause, and explains them', async () => {
    keeper.monitor('db', scriptedProbe('-'), quick);
    keeper.monitor('api', scriptedProbe('+'), { ...quick, dependsOn: ['db'] });
    keeper.start();
    await clock.advance(100);
    const { why, dependencies, context } = detail('monitor', 'api');
    expect(dependencies).toEqual([{ id: 'db', role: 'root cause', health: 'unhealthy' }]);
    expect(why).toContain(
      'It works, and yet cannot be counted on: something it depends on is down. The root cause is db.',
    );
    expect(context).toMatchObject({ effectiveHealth: 'unhealthy', rootCause: 'db', failureThreshold: 1 });
  });

  it('says how many members of a composite are good, and lists them', async () => {
    for (const [id, script] of [
      ['east', '+'],
      ['west', '-'],
    ] as const)
      keeper.monitor(id, scriptedProbe(script), quick);
    keeper.composite('both', { of: ['east', 'west'], need: 'all' });
    keeper.start();
    await clock.advance(100);
    const { why, dependencies } = detail('monitor', 'both');
    expect(why).toContain('Of its 2 members, 1 are good; 2 are needed.');
    expect(dependencies.map(({ id, role, health }) => `${id} ${role} ${health}`)).toEqual([
      'east member healthy',
      'west member unhealthy',
    ]);
  });

  it('says that a monitor flaps, that its alert is held, and that it resumed from a snapshot', async () => {
    const flapping = {
      ...quick,
      failureThreshold: 1,
      successThreshold: 1,
      alertAfter: 2,
      flapHalfLifeMs: 60_000,
      flapSuppress: 2,
      flapReuse: 1,
    };
    keeper.monitor('api', scriptedProbe('+-+-+--'), flapping);
    keeper.start();
    await clock.advance(7_000);
    expect(detail('monitor', 'api').why).toEqual(
      expect.arrayContaining([
        'It falls again and again: it flaps, and its alerts are held until it has calmed down.',
        'An alert is due and held back, because it flaps.',
      ]),
    );
    const resume = keeper.snapshot();
    keeper = createSupervisor({ clock, resume });
    keeper.monitor('api', scriptedProbe('-'), flapping);
    keeper.start();
    expect(detail('monitor', 'api').why).toContain('It went on from what an earlier program knew of it.');
  });

  it('shows how many notices wait for a notifier, and that its client is stalled', async () => {
    const client = inbox('hold');
    keeper.notifier('client', client.deliver, { stallAfterMs: 100, evictAfterMs: 9_000 });
    keeper.broadcast({ type: 'health', topic: 'api', health: 'unhealthy' });
    await clock.advance(500);
    const { why, context } = detail('notifier', 'client');
    expect(context).toMatchObject({
      delivering: { topic: '', health: 'healthy' },
      waiting: 1,
      maxPending: 1_024,
    });
    expect(why).toContain('The client takes nothing: a delivery is under way for more than 100 ms.');
    expect(why).toContain('One notice waits, the latest of each topic.');
  });

  it('shows the peer of a session, and the goaway it was sent', async () => {
    const slot = keeper.reserve('10.0.0.7');
    if (slot.reserved) slot.open(fakeConnection());
    expect(detail('session', '1')).toMatchObject({
      context: { peer: '10.0.0.7', peerLeaving: false },
      why: ['It is open, and nobody has asked it to go.'],
    });
    keeper.start();
    void keeper.drain({ graceMs: 3_000 });
    await clock.advance(10);
    expect(detail('session', '1').why).toContain('It was told to go, and had 3000 ms for that.');
  });

  it('shows no context outside of the list, and no secret inside of it', async () => {
    const [password, token, key] = secrets;
    const deliver = Object.assign(() => new Promise<void>(() => {}), { password });
    keeper.notifier('client', deliver);
    keeper.broadcast({ type: 'health', topic: 'api', health: 'unhealthy', detail: `no answer with token=${token}` });
    const slot = keeper.reserve(`bob:${key}`);
    if (slot.reserved) slot.open({ ...fakeConnection(), ...{ secret: password } });
    await clock.advance(10);
    const shown = JSON.stringify([detail('notifier', 'client'), detail('session', '1')]);
    for (const secret of secrets) expect(shown).not.toContain(secret);
    expect(shown).toContain('[redacted]');
    expect(Object.keys(detail('session', '1').context).sort()).toEqual([
      'closeTimeoutMs',
      'forced',
      'onPeerGoaway',
      'peer',
      'peerLeaving',
      'unfinished',
    ]);
  });
});
