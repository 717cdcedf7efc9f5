import { EventEmitter } from 'node:events';
import { createSupervisor } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import type { Availability } from '../src/availability.ts';
import type { HealthzCall } from '../src/healthStream.ts';
import type { Status } from '../src/healthzProto.ts';
import { healthzService } from '../src/healthzService.ts';
import { plenty, until } from './brokers.ts';

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
