import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { defineProbe, InvalidOptionError, type Probe, type SupervisorOptions } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

/** A scripted probe of a host. */
function probeOf(host: string, script: string, options: Parameters<typeof scriptedProbe>[1] = {}) {
  return Object.defineProperty(scriptedProbe(script, options), 'host', { value: host });
}

/** A started supervisor that watches silent targets of one host, each of which holds its turn for two seconds. */
async function crowd(silent: number, options: SupervisorOptions) {
  const kept = createTestSupervisor({ ...options, monitor: { intervalMs: 1_000, timeoutMs: 2_000, jitter: 0 } });
  const probes = Array.from({ length: silent }, () => probeOf('slow', '?'));
  for (const [index, probe] of probes.entries()) kept.keeper.monitor(`slow ${index}`, probe);
  kept.keeper.start();
  await kept.clock.settle();
  const cadenceOf = (id: string) => {
    const value = [...kept.keeper.actors()].find((view) => view.id === id)?.value;
    return (value as { watching: { cadence: unknown } }).watching.cadence;
  };
  return { ...kept, probes, cadenceOf };
}

describe('the budget of checks', () => {
  it('lets so many run and shows the others queued, in the order in which they came (INV-47)', async () => {
    const { keeper, clock, probes, cadenceOf } = await crowd(5, { maxChecks: 2 });
    expect(probes.map(({ asked }) => asked)).toEqual([1, 1, 0, 0, 0]);
    expect(keeper.stats().checks).toEqual({ underWay: 2, queued: 3 });
    expect([cadenceOf('slow 1'), cadenceOf('slow 2')]).toEqual([{ checking: 'probing' }, { checking: 'queued' }]);
    await clock.advance(2_000);
    expect(probes.map(({ asked }) => asked)).toEqual([1, 1, 1, 1, 0]);
    expect(probes.every(({ running }) => running < 2)).toBe(true);
  });

  it('of one host keeps its silent targets from starving another: that one is asked on time, to the millisecond (INV-47)', async () => {
    const { keeper, clock } = await crowd(50, { maxChecks: 10, maxChecksPerHost: 9 });
    const probe = probeOf('fast', '+');
    keeper.monitor('fast', probe);
    await clock.advance(59_999);
    expect(probe.asked).toBe(60);
    await clock.advance(1);
    expect(probe.asked).toBe(61);
  });

  it('takes a timeout to begin with the turn, not with the wait for it (INV-49)', async () => {
    const { keeper, clock } = await crowd(1, { maxChecks: 1 });
    const late = keeper.monitor('late', scriptedProbe('+', { latencyMs: 1_999, clock }));
    await clock.advance(3_998);
    expect(late.health).toBe('starting');
    await clock.advance(1);
    expect(late.health).toBe('healthy');
  });

  it('keeps no turn of a monitor that is paused, updated, stopped or reconnecting, in the queue or out of it (INV-48)', async () => {
    const { keeper, clock } = await crowd(6, { maxChecks: 3 });
    const turns = () => keeper.stats().checks;
    for (const index of [0, 3]) keeper.monitorOf(`slow ${index}`)?.pause();
    expect(turns()).toEqual({ underWay: 3, queued: 1 });
    for (const index of [1, 5]) keeper.monitorOf(`slow ${index}`)?.stop();
    expect(turns()).toEqual({ underWay: 2, queued: 0 });
    keeper.monitorOf('slow 2')?.markReconnecting();
    expect(turns()).toEqual({ underWay: 1, queued: 0 });
    keeper.monitorOf('slow 4')?.update({ probe: scriptedProbe('+') });
    await clock.settle();
    expect(turns()).toEqual({ underWay: 0, queued: 0 });
    await keeper.stop();
    expect([turns(), clock.pending]).toEqual([{ underWay: 0, queued: 0 }, 0]);
  });

  it('gets back the turn of a monitor that crashed', async () => {
    let broken = false;
    const random = () => {
      if (broken) throw new Error('no chance');
      return 0.5;
    };
    const { keeper, clock, of } = createTestSupervisor({ random, maxChecks: 1, monitor: { intervalMs: 60_000 } });
    keeper.monitor('first', scriptedProbe('+'));
    const second = scriptedProbe('+');
    keeper.monitor('second', second);
    keeper.start();
    broken = true;
    await clock.settle();
    broken = false;
    expect(of('actor.failed').length).toBeGreaterThan(0);
    expect([second.asked, keeper.stats().checks]).toEqual([1, { underWay: 0, queued: 0 }]);
  });

  it('gets back the turns of monitors that are started again with another that crashed', async () => {
    let broken = false;
    const random = () => {
      if (broken) throw new Error('no chance');
      return 0.5;
    };
    const { keeper, clock, of } = createTestSupervisor({ random, maxChecks: 2, strategy: 'one_for_all' });
    const probes = ['?', '?', '+'].map((script) => scriptedProbe(script));
    for (const [index, probe] of probes.entries()) keeper.monitor(String(index), probe, { timeoutMs: 5_000 });
    keeper.start();
    keeper.monitorOf('0')?.markReconnecting();
    await clock.settle();
    keeper.monitorOf('0')?.check();
    keeper.monitorOf('0')?.check();
    broken = true;
    keeper.monitorOf('0')?.markReconnecting();
    broken = false;
    await clock.advance(1_000);
    expect(of('actor.restarted').length).toBe(3);
    expect(keeper.stats().checks).toEqual({ underWay: 2, queued: 1 });
    await keeper.stop();
    expect([keeper.stats().checks, clock.pending]).toEqual([{ underWay: 0, queued: 0 }, 0]);
  });

  it('makes one check of any number asked for in the queue, and drops it when the target is marked (INV-45, INV-46)', async () => {
    const { keeper, clock } = await crowd(1, { maxChecks: 1 });
    const probe = scriptedProbe('+');
    const waiting = keeper.monitor('waiting', probe);
    for (let call = 0; call < 16; call++) waiting.check();
    waiting.markConnected();
    waiting.markReconnecting();
    expect(keeper.stats().checks.queued).toBe(0);
    waiting.markConnected();
    await clock.advance(2_000);
    expect([waiting.health, probe.asked]).toEqual(['healthy', 1]);
  });

  it('arms no timer for a check that waits (INV-57)', async () => {
    const { clock } = await crowd(1_000, { maxChecks: 1, startDeadlineMs: 0 });
    expect(clock.pending).toBe(1);
  });
});

describe('a stagger', () => {
  it('spreads first checks over its length and later ones not at all (INV-61)', async () => {
    const draws = [0, 0.25, 0.75];
    const { keeper, clock } = createTestSupervisor({
      random: () => draws.shift() ?? 0.5,
      monitor: { staggerMs: 4_000, jitter: 0 },
    });
    const begin = clock.now();
    const begun: number[] = [];
    const noting: Probe = async () => {
      begun.push(clock.now() - begin);
      return { status: 'pass' };
    };
    for (const id of ['a', 'b', 'c']) keeper.monitor(id, noting, { intervalMs: 10_000 });
    keeper.start();
    await clock.advance(20_000);
    expect(begun).toEqual([1, 1_000, 3_000, 10_001, 11_000, 13_000]);
  });

  it('is cut short by a check that is asked for, and by a connection', async () => {
    const { keeper, clock } = createTestSupervisor({ monitor: { staggerMs: 60_000 } });
    const probes = ['+', '+', '+'].map((script) => scriptedProbe(script));
    const [asked, connected, left] = probes.map((probe, index) => keeper.monitor(String(index), probe));
    keeper.start();
    asked?.check();
    connected?.markConnected();
    left?.markReconnecting();
    await clock.settle();
    expect(probes.map((probe) => probe.asked)).toEqual([1, 1, 0]);
    expect(left?.health).toBe('reconnecting');
  });
});

describe("a probe's host", () => {
  it('is named when the probe is defined, and cannot be empty', () => {
    const check = async () => ({ status: 'pass' }) as const;
    expect(defineProbe('db', check, { host: 'db-1' }).host).toBe('db-1');
    expect(defineProbe('db', check).host).toBeUndefined();
    expect(() => defineProbe('db', check, { host: '' })).toThrow(InvalidOptionError);
  });
});
