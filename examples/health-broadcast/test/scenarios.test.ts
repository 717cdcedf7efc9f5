import { describe, expect, it } from 'vitest';
import { unknown } from '../src/availability.ts';
import { joined, notifiers, plenty, start, stuck, until } from './brokers.ts';

describe('arke’s scenarios', () => {
  it('NotifyHealthRegistersReceiver: a stream is found under the address of its connection', async () => {
    const broker = await start();
    await joined(broker.port);
    expect(notifiers(broker)).toMatchObject([{ id: expect.stringMatching(/^127\.0\.0\.1:\d+$/) }]);
  });

  it('NotifyHealthReplacesAndClosesPriorReceiver: a second stream of a connection takes the place of the first (INV-6)', async () => {
    const broker = await start();
    const first = await joined(broker.port);
    const second = await joined(broker.port, first.connection);
    await until(() => first.ending !== undefined);
    expect(first.ending).toBe(10);
    expect(notifiers(broker)).toHaveLength(1);
    broker.rebalance();
    await until(() => second.told.length === 2);
    expect(second.codes()).toEqual(['OK', 'GOAWAY']);
  });

  it('MonitorHealthChanFansOutToNotifiers: all get GOAWAY, and the broker ends', async () => {
    const broker = await start();
    const clients = [await joined(broker.port), await joined(broker.port)];
    broker.rebalance();
    await until(() => clients.every(({ told }) => told.length === 2));
    expect(clients.map(({ codes }) => codes())).toEqual([
      ['OK', 'GOAWAY'],
      ['OK', 'GOAWAY'],
    ]);
    for (const { stream } of clients) stream.cancel();
    await broker.stop();
  });

  it('MonitorHealthChanDoesNotBlockOnBusyReceiver: a client that never reads holds up nobody (INV-1)', async () => {
    const broker = await start();
    await stuck(broker);
    const quick = await joined(broker.port);
    for (let turn = 0; turn < 50; turn++) {
      broker.measure(turn % 2 === 0 ? { cpu: 0.01, memory: 1 } : plenty);
      await until(() => quick.told.length === turn + 2);
    }
    broker.rebalance();
    await until(() => quick.codes().at(-1) === 'GOAWAY');
  });

  it('MonitorHealthChanSurvivesClosedNotifier: one that has gone harms neither the broadcast nor the others (INV-2)', async () => {
    const broker = await start();
    const gone = await joined(broker.port);
    const live = await joined(broker.port);
    gone.stream.cancel();
    broker.rebalance();
    await until(() => live.codes().at(-1) === 'GOAWAY');
    await until(() => broker.keeper.stats().sessions.open === 1);
    live.stream.cancel();
    expect(await broker.stop()).toMatchObject({ reason: 'drained', server: 'closed' });
  });

  it('HealthzServerCheck: a query is answered, and a client that stops asking still hears (INV-10)', async () => {
    const broker = await start();
    const client = await joined(broker.port);
    client.stream.write({ query: { uuid: 'q1' } });
    await until(() => client.told.length === 2);
    expect(client.told[1]).toMatchObject({ uuid: 'q1', code: 'OK' });
    client.stream.end();
    broker.measure({ cpu: 0.01, memory: 0.99 });
    await until(() => client.told.length === 3);
    expect(client.told[2]).toMatchObject({ uuid: '', code: 'UNHEALTHY' });
    expect(client.ending).toBeUndefined();
    client.stream.cancel();
    await until(() => broker.keeper.stats().sessions.taken === 0);
  });

  it.each([
    ['_CPUHigh', { cpu: 0.01, memory: 0.99 }, 'UNHEALTHY'],
    ['_MemoryHigh', { cpu: 0.99, memory: 0.01 }, 'UNHEALTHY'],
    ['_OK', plenty, 'OK'],
    ['unknown never degrades (INV-12)', { cpu: unknown, memory: unknown }, 'OK'],
  ])('HealthzServerCheck %s: first word and answers say so', async (_name, free, code) => {
    const broker = await start(free);
    const client = await joined(broker.port);
    client.stream.write({ query: { uuid: 'a' } });
    client.stream.write({ query: { uuid: 'b' } });
    await until(() => client.told.length === 3);
    expect(client.codes()).toEqual([code, code, code]);
  });

  it('MakeHealthMsg_OK, MakeInternalHealthMsg_OK: answers carry the query’s uuid and broadcasts none; all carry time and availabilities (INV-11)', async () => {
    const before = Date.now();
    const broker = await start({ cpu: 0.5, memory: 0.25 });
    const client = await joined(broker.port);
    client.stream.write({ status: { uuid: '', code: 'OK', time_ms: 0, cpu_availability: 1, memory_availability: 1 } });
    client.stream.write({ query: { uuid: 'mine' } });
    await until(() => client.told.length === 2);
    broker.rebalance();
    await until(() => client.told.length === 3);
    expect(client.told.map(({ uuid }) => uuid)).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), 'mine', '']);
    for (const { time_ms, cpu_availability, memory_availability } of client.told) {
      expect(time_ms).toBeGreaterThanOrEqual(before);
      expect([cpu_availability, memory_availability]).toEqual([0.5, 0.25]);
    }
  });

  it('TrimConnectionList_ClientExists, _ClientNotExists: who is gone is forgotten, and who is there is kept', async () => {
    const broker = await start();
    const kept = await joined(broker.port);
    const lost = await joined(broker.port);
    lost.connection.close();
    lost.stream.cancel();
    await until(() => broker.keeper.stats().notifiers.open === 1);
    kept.stream.write({ query: { uuid: 'still here' } });
    await until(() => kept.told.length === 2);
  });

  it('ConnectionWatcher: nothing is left to run once the broker has ended', async () => {
    const broker = await start();
    const client = await joined(broker.port);
    client.stream.on('data', () => client.stream.cancel());
    await broker.stop();
    expect(broker.keeper.stats()).toMatchObject({
      phase: 'stopped',
      notifiers: { open: 0 },
      sessions: { open: 0, taken: 0 },
    });
  });
});
