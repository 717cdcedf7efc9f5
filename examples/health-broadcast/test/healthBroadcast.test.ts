import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createSupervisor } from '@watchkeeper/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type Availability, isShort, unknown } from '../src/availability.ts';
import { type Broker, startBroker } from '../src/broker.ts';
import { follow } from '../src/follow.ts';
import type { HealthzCall } from '../src/healthStream.ts';
import type { Status } from '../src/healthzProto.ts';
import { healthzService } from '../src/healthzService.ts';
import { ProcessMeter } from '../src/processMeter.ts';

const plenty: Availability = { cpu: 0.99, memory: 0.99 };
const brokers: Broker[] = [];
const hangUps: (() => void)[] = [];

afterEach(async () => {
  for (const hangUp of hangUps.splice(0)) hangUp();
  for (const { keeper, stop } of brokers.splice(0)) {
    await keeper.stop();
    await stop();
  }
});

async function until(holds: () => boolean, withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Not so within ${withinMs} ms: ${holds}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A broker whose availability is set by hand. */
async function start(free: Availability = plenty) {
  let measured = free;
  const broker = await startBroker({ intervalMs: 600_000, measure: () => measured });
  brokers.push(broker);
  await until(() => broker.keeper.monitorOf('process')?.health !== 'starting');
  return {
    ...broker,
    measure(next: Availability) {
      measured = next;
      broker.keeper.monitorOf('process')?.check();
    },
  };
}

/** A client, with all it was told. */
function join(port: number, on?: ReturnType<typeof follow>['connection']) {
  const { connection, stream } = follow(`127.0.0.1:${port}`, on);
  const told: Status[] = [];
  const client = { connection, stream, told, ending: undefined as number | undefined };
  stream.on('data', (status) => told.push(status));
  stream.on('error', () => {});
  stream.on('status', ({ code }) => {
    client.ending = code;
  });
  hangUps.push(() => connection.close());
  return Object.assign(client, { codes: () => told.map(({ code }) => code) });
}

async function joined(port: number, on?: ReturnType<typeof follow>['connection']) {
  const client = join(port, on);
  await until(() => client.told.length > 0);
  return client;
}

const notifiers = (broker: Broker) => [...broker.keeper.actors()].filter(({ kind }) => kind === 'notifier');

/** A client that never reads: its window is shut from the beginning. */
async function stuck(broker: Broker) {
  const session = connectHttp2(`http://127.0.0.1:${broker.port}`, { settings: { initialWindowSize: 0 } });
  session.on('error', () => {});
  hangUps.push(() => session.destroy());
  const before = broker.keeper.stats().notifiers.open;
  const call = session.request({
    ':method': 'POST',
    ':path': '/watchkeeper.example.v1.Healthz/Check',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  call.on('error', () => {});
  await until(() => broker.keeper.stats().notifiers.open === before + 1);
}

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

  it('MonitorHealthChanFansOutToNotifiers: all get GOAWAY within a second, and the broker ends within another', async () => {
    const broker = await start();
    const clients = [await joined(broker.port), await joined(broker.port)];
    const startedAt = performance.now();
    broker.rebalance();
    await until(() => clients.every(({ told }) => told.length === 2));
    expect(clients.map(({ codes }) => codes())).toEqual([
      ['OK', 'GOAWAY'],
      ['OK', 'GOAWAY'],
    ]);
    for (const { stream } of clients) stream.cancel();
    await broker.stop();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('MonitorHealthChanDoesNotBlockOnBusyReceiver: a client that never reads holds up nobody (INV-1)', async () => {
    const broker = await start();
    await stuck(broker);
    const quick = await joined(broker.port);
    for (let turn = 0; turn < 50; turn++) {
      broker.measure(turn % 2 === 0 ? { cpu: 0.01, memory: 1 } : plenty);
      await until(() => quick.told.length === turn + 2);
    }
    const startedAt = performance.now();
    broker.rebalance();
    await until(() => quick.codes().at(-1) === 'GOAWAY');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
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

/** The server's end of a stream whose client reads when it is told to. */
class FakeCall extends EventEmitter {
  readonly cancelled = false;
  readonly told: Status[] = [];
  readonly peer: string;
  reads = true;

  constructor(peer: string) {
    super();
    this.peer = peer;
  }

  getPeer() {
    return this.peer;
  }
  write(status: Status) {
    this.told.push(status);
    return this.reads;
  }
  pause() {
    this.emit('paused');
  }
  resume() {
    this.emit('resumed');
  }
  end() {
    this.emit('cancelled');
  }
}

function fakeService(free: () => Availability = () => plenty) {
  const keeper = createSupervisor();
  const { Check } = healthzService(keeper, free);
  const open = (peer: string, reads = true) => {
    const call = new FakeCall(peer);
    call.reads = reads;
    call.on('error', () => call.emit('cancelled'));
    Check(call as unknown as HealthzCall);
    return call;
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { keeper, open, settle };
}

const codes = ({ told }: FakeCall) => told.map(({ code }) => code);

describe('what arke did not test', () => {
  it('GOAWAY with UNHEALTHY pending: the goaway is next, and nothing follows it (INV-4, INV-5)', async () => {
    let free = plenty;
    const { keeper, open, settle } = fakeService(() => free);
    const call = open('a', false);
    await settle();
    free = { cpu: 0, memory: 0 };
    keeper.broadcast({ type: 'health', topic: '', health: 'unhealthy' });
    keeper.broadcast({ type: 'goaway', reason: 'scaled up', graceMs: 0 });
    keeper.broadcast({ type: 'health', topic: '', health: 'healthy' });
    await settle();
    call.reads = true;
    call.emit('drain');
    await settle();
    call.emit('data', { query: { uuid: 'late' } });
    expect(codes(call)).toEqual(['OK', 'GOAWAY', 'GOAWAY']);
    await keeper.stop();
  });

  it('a client that asks without reading the answers is not read either, until it has room', async () => {
    const { keeper, open, settle } = fakeService();
    const call = open('a');
    const seen: string[] = [];
    for (const event of ['paused', 'resumed']) call.on(event, () => seen.push(event));
    await settle();
    call.reads = false;
    call.emit('data', { query: { uuid: 'q' } });
    expect(seen).toEqual(['paused']);
    call.emit('drain');
    await settle();
    expect(seen).toEqual(['paused', 'resumed']);
    call.emit('cancelled');
    await keeper.stop();
  });

  it('replace during broadcast: whoever holds the key when it is read gets the goaway, and only once (INV-6)', async () => {
    const { keeper, open, settle } = fakeService();
    const old = open('a');
    await settle();
    keeper.broadcast({ type: 'goaway', reason: 'scaled up', graceMs: 0 });
    const next = open('a');
    await settle();
    keeper.broadcast({ type: 'goaway', reason: 'scaled up', graceMs: 0 });
    await settle();
    expect(codes(old).filter((code) => code === 'GOAWAY').length).toBeLessThanOrEqual(1);
    expect(codes(next)).toEqual(['OK', 'GOAWAY']);
    await keeper.stop();
  });

  it('replaced stream silent: it hears nothing more, no false OK either (INV-7)', async () => {
    let free = plenty;
    const { keeper, open, settle } = fakeService(() => free);
    const old = open('a');
    await settle();
    open('a');
    await settle();
    const heard = old.told.length;
    free = { cpu: 0, memory: 0 };
    for (const health of ['unhealthy', 'healthy', 'unhealthy'] as const) {
      keeper.broadcast({ type: 'health', topic: '', health });
      await settle();
    }
    old.emit('data', { query: { uuid: 'still?' } });
    expect(old.told).toHaveLength(heard);
    await keeper.stop();
  });

  it('old cleanup after replace: the end of the old stream leaves the new one alone (INV-6)', async () => {
    const { keeper, open, settle } = fakeService();
    const old = open('a');
    await settle();
    const next = open('a');
    await settle();
    old.emit('cancelled');
    await settle();
    expect(keeper.stats()).toMatchObject({ notifiers: { open: 1 }, sessions: { open: 1 } });
    keeper.broadcast({ type: 'goaway', reason: 'scaled up', graceMs: 0 });
    await settle();
    expect(codes(next)).toEqual(['OK', 'GOAWAY']);
    await keeper.stop();
  });

  it('10k subscribers: all that read hear the goaway, while one in a hundred does not read (INV-1)', async () => {
    const { keeper, open, settle } = fakeService();
    const calls = Array.from({ length: 10_000 }, (_, turn) => open(`client ${turn}`, turn % 100 !== 0));
    await settle();
    const reading = calls.filter(({ reads }) => reads);
    await until(() => reading.every(({ told }) => told.length === 1), 30_000);
    keeper.broadcast({ type: 'goaway', reason: 'scaled up', graceMs: 0 });
    await until(() => reading.every(({ told }) => told.at(-1)?.code === 'GOAWAY'), 30_000);
    expect(calls.filter(({ reads }) => !reads).every((call) => codes(call).join() === 'OK')).toBe(true);
    for (const call of calls) call.emit('cancelled');
    await keeper.stop();
  }, 60_000);

  it('a stream that comes while the broker drains hears GOAWAY, and is ended (INV-8)', async () => {
    const { keeper, open, settle } = fakeService();
    const first = open('a');
    await settle();
    void keeper.drain();
    const late = open('b');
    await settle();
    expect(codes(late)).toEqual(['GOAWAY']);
    first.emit('cancelled');
    await keeper.stop();
  });
});

describe('the meter', () => {
  it('knows nothing before its second sample, and then a share of what there is', async () => {
    const meter = new ProcessMeter();
    expect(meter.availability).toEqual({ cpu: unknown, memory: unknown });
    expect(meter.sample().cpu).toBe(unknown);
    expect(isShort(meter.availability)).toBe(false);
    const { cpu, memory } = meter.sample();
    for (const share of [cpu, memory]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });
});

describe('the program', () => {
  it('moves its clients on SIGUSR2, and ends in order on SIGTERM', async () => {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const program = spawn(process.execPath, [main], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    hangUps.push(() => program.kill('SIGKILL'));
    const exited = once(program, 'exit');
    const lines: string[] = [];
    createInterface(program.stdout).on('line', (line) => lines.push(line));
    const said = (pattern: RegExp, times: number) =>
      until(() => lines.filter((line) => pattern.test(line)).length >= times);
    await said(/: OK/, 2);
    program.kill('SIGUSR2');
    await said(/: GOAWAY/, 2);
    await said(/: OK/, 4);
    program.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(lines.filter((line) => /: GOAWAY/.test(line))).toHaveLength(4);
    expect(lines.at(-1)).toMatch(/^stopped: 2 left by themselves, 0 were cut; server closed$/);
  });
});
