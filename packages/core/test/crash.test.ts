import { inbox, scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { SupervisorOptions } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

/** A supervisor whose monitors crash on command: their source of chance throws inside their transition. */
function fragile(options: SupervisorOptions = {}) {
  let broken = false;
  const random = () => {
    if (!broken) return 0.5;
    broken = false;
    throw new Error('no chance');
  };
  const kept = createTestSupervisor({ random, ...options });
  const crash = async (monitor: { check(): void }) => {
    broken = true;
    monitor.check();
    await kept.clock.settle();
  };
  return { ...kept, crash };
}

describe('a monitor that crashes', () => {
  it('is in error, is started again, and goes on in the same stream', async () => {
    const { keeper, clock, crash, of } = fragile();
    const monitor = keeper.monitor('api', scriptedProbe('+'), { intervalMs: 60_000 });
    const seen: string[] = [];
    monitor.health$.subscribe((health) => seen.push(health));
    const client = inbox();
    keeper.notifier('client', client.deliver, { topics: ['api'] });
    keeper.start();
    await clock.settle();
    await crash(monitor);
    expect([monitor.health, keeper.health, keeper.planes.ready]).toEqual(['error', 'error', false]);
    expect(of('actor.failed')).toMatchObject([{ kind: 'monitor', id: 'api', cause: { message: 'no chance' } }]);
    expect(of('actor.restarting')).toMatchObject([{ id: 'api', delayMs: 1_000, attempt: 1 }]);
    await clock.advance(1_000);
    expect([monitor.health, keeper.health, monitor.status.epoch]).toEqual(['healthy', 'healthy', 2]);
    expect(seen).toEqual(['starting', 'healthy', 'error', 'starting', 'healthy']);
    expect(client.said).toEqual(['api=starting', 'api=healthy', 'api=error', 'api=starting', 'api=healthy']);
    expect(of('actor.restarted')).toHaveLength(1);
    monitor.stop();
    await clock.settle();
    expect([clock.pending, keeper.monitorOf('api')]).toEqual([0, undefined]);
  });

  it('is started again with its siblings, whose streams go on, too', async () => {
    const { keeper, clock, crash } = fragile({ strategy: 'one_for_all' });
    const monitor = keeper.monitor('api', scriptedProbe('+'), { intervalMs: 60_000 });
    const sibling = keeper.monitor('db', scriptedProbe('+'), { intervalMs: 60_000 });
    const seen: string[] = [];
    sibling.health$.subscribe({ next: (health) => seen.push(health), complete: () => seen.push('complete') });
    keeper.start();
    await clock.settle();
    await crash(monitor);
    await clock.advance(1_000);
    expect([sibling.health, seen]).toEqual(['healthy', ['starting', 'healthy', 'starting', 'healthy']]);
    await keeper.stop();
    expect(seen.slice(4)).toEqual(['stopped', 'complete']);
  });

  it('leaves no check under way (INV-46, INV-79)', async () => {
    let broken = false;
    const { keeper, clock, of } = createTestSupervisor({
      random: () => {
        if (broken) throw new Error('no chance');
        return 0.5;
      },
    });
    const probe = scriptedProbe('?');
    keeper.monitor('api', probe, { timeoutMs: 500 });
    keeper.start();
    await clock.settle();
    broken = true;
    await clock.advance(500);
    broken = false;
    expect([of('actor.failed').length, probe.running, probe.aborted]).toEqual([1, 0, 1]);
    await clock.advance(1_000);
    expect([probe.asked, probe.running]).toEqual([2, 1]);
  });

  it('keeps what it was last told, not what it began with', async () => {
    const { keeper, clock, crash } = fragile();
    const monitor = keeper.monitor('api', scriptedProbe('-'));
    keeper.start();
    await clock.settle();
    monitor.update({ probe: scriptedProbe('~', { name: 'other' }), requiredFor: [] });
    await clock.settle();
    await crash(monitor);
    await clock.advance(1_000);
    expect(monitor.status).toMatchObject({ probe: 'other', requiredFor: [], health: 'degraded', epoch: 3 });
  });

  it('too often is given up on: an event, a state, and not ready', async () => {
    const { keeper, clock, crash, of } = fragile();
    const monitor = keeper.monitor('api', scriptedProbe('+'));
    keeper.monitor('db', scriptedProbe('+'));
    const seen: string[] = [];
    monitor.health$.subscribe({ next: (health) => seen.push(health), complete: () => seen.push('complete') });
    keeper.start();
    await clock.settle();
    await crash(monitor);
    await clock.advance(1_000);
    await crash(monitor);
    expect(of('supervisor.escalated')).toMatchObject([{ id: 'api', restarts: 1 }]);
    expect([keeper.phase, keeper.health, keeper.planes.ready]).toEqual(['running', 'error', false]);
    expect([...keeper.actors()][0]?.value).toEqual({ running: 'escalated' });
    expect(seen.slice(-2)).toEqual(['error', 'complete']);
    expect([keeper.monitorOf('api'), keeper.monitorOf('db')?.health]).toEqual([undefined, 'healthy']);
    await clock.advance(60_000);
    expect(of('actor.restarted')).toHaveLength(1);
    keeper.monitor('api', scriptedProbe('+'));
    await clock.settle();
    expect(keeper.health).toBe('healthy');
  });

  it('too often drains the supervisor, where that is asked for', async () => {
    const { keeper, clock, crash, of } = fragile({ intensity: 0, onEscalation: 'drain' });
    const monitor = keeper.monitor('api', scriptedProbe('+'));
    keeper.start();
    await clock.settle();
    await crash(monitor);
    await clock.settle();
    expect([keeper.phase, of('supervisor.escalated').length, of('drain.ended').length]).toEqual(['stopped', 1, 1]);
    expect(await keeper.drain()).toMatchObject({ reason: 'drained' });
  });

  it('while it is being stopped is gone for good, and nobody runs before the start (INV-48, INV-79)', async () => {
    let broken = true;
    const random = () => {
      if (broken) throw new Error('no chance');
      return 0.5;
    };
    const { keeper, clock, of } = createTestSupervisor({ random, strategy: 'one_for_all' });
    const first = keeper.monitor('first', scriptedProbe('+'));
    const probe = scriptedProbe('?');
    keeper.monitor('second', probe);
    first.markReconnecting();
    first.stop();
    await clock.settle();
    broken = false;
    expect([of('actor.failed').length, of('actor.restarting').length]).toEqual([1, 0]);
    expect(of('actor.ended')).toMatchObject([{ id: 'first' }]);
    await clock.advance(60_000);
    expect([probe.asked, keeper.monitorOf('first'), keeper.health]).toEqual([0, undefined, 'starting']);
    keeper.start();
    await clock.settle();
    void keeper.stop();
    await clock.settle();
    expect([probe.asked, probe.running, clock.pending, [...keeper.actors()].length]).toEqual([1, 0, 0, 1]);
  });

  it('ends when it is stopped before it begins again (INV-48)', async () => {
    const { keeper, clock, crash, of } = fragile();
    const monitor = keeper.monitor('api', scriptedProbe('+'));
    keeper.start();
    await clock.settle();
    await crash(monitor);
    monitor.stop();
    await clock.advance(60_000);
    expect(of('actor.ended')).toMatchObject([{ id: 'api', reason: 'stopped' }]);
    expect([of('actor.restarted').length, of('supervisor.escalated').length, clock.pending]).toEqual([0, 0, 0]);
    expect([keeper.monitorOf('api'), keeper.health]).toEqual([undefined, 'healthy']);
  });

  it('keeps its alert, which is cleared when its target works again, once (INV-58)', async () => {
    const { keeper, clock, crash, of } = fragile();
    const monitor = keeper.monitor('api', scriptedProbe('---+'), { intervalMs: 60_000, alertAfter: -1 });
    keeper.start();
    await clock.settle();
    expect(of('alert.raised')).toHaveLength(1);
    await crash(monitor);
    expect(monitor.status.alerting).toBe(true);
    await clock.advance(1_000);
    expect(monitor.status).toMatchObject({ health: 'unhealthy', alerting: true });
    expect([of('alert.raised').length, of('alert.cleared').length]).toEqual([1, 0]);
    monitor.check();
    await clock.settle();
    expect(monitor.status).toMatchObject({ health: 'healthy', alerting: false });
    expect([of('alert.raised').length, of('alert.cleared').length]).toEqual([1, 1]);
  });

  it('knows when its target was last healthy (INV-68)', async () => {
    const { keeper, clock, crash } = fragile();
    const monitor = keeper.monitor('api', scriptedProbe('+-'), { intervalMs: 60_000 });
    keeper.start();
    await clock.settle();
    const { healthyAt } = monitor.status;
    await crash(monitor);
    await clock.advance(1_000);
    expect(healthyAt).toBeTypeOf('number');
    expect(monitor.status).toMatchObject({ health: 'unhealthy', healthyAt });
  });

  it('takes the updates it was sent during the wait for its restart, each on top of the one before', async () => {
    const { keeper, clock, crash, of } = fragile();
    const monitor = keeper.monitor('api', scriptedProbe('-'), { alertAfter: 1, intervalMs: 60_000 });
    keeper.monitor('net', scriptedProbe('-'), { requiredFor: [] });
    keeper.start();
    await clock.settle();
    await crash(monitor);
    monitor.update({ requiredFor: [], failureThreshold: 2 });
    monitor.update({ probe: scriptedProbe('~', { name: 'other' }) });
    monitor.update({ dependsOn: ['net'] });
    await clock.settle();
    expect(of('monitor.updated')).toMatchObject([{ requiredFor: [] }, { epoch: 2 }, { epoch: 2, requiredFor: [] }]);
    expect(monitor.status).toMatchObject({ health: 'error', requiredFor: [], rootCause: 'net' });
    await clock.advance(1_000);
    expect(monitor.status).toMatchObject({ probe: 'other', requiredFor: [], epoch: 2, rootCause: 'net' });
    expect(keeper.health).toBe('healthy');
    await crash(monitor);
    await clock.advance(2_000);
    expect(of('monitor.updated')).toHaveLength(3);
  });

  it('stays paused, and takes the pauses it was sent during the wait for its restart', async () => {
    const { keeper, clock, crash } = fragile({ strategy: 'one_for_all', intensity: 5 });
    const first = keeper.monitor('first', scriptedProbe('+'));
    const probe = scriptedProbe('+');
    const second = keeper.monitor('second', probe);
    keeper.start();
    await clock.settle();
    second.pause();
    await crash(first);
    await clock.advance(1_000);
    expect([first.health, second.health, second.status.detail, probe.asked]).toEqual([
      'healthy',
      'paused',
      'paused',
      1,
    ]);
    await crash(first);
    first.pause({ ttlMs: 5_000 });
    second.resume();
    await clock.advance(2_000);
    expect([first.health, first.status.detail, second.health]).toEqual(['paused', 'paused for 5000 ms', 'healthy']);
    await clock.advance(2_999);
    expect(first.health).toBe('paused');
    await clock.advance(1);
    expect(first.health).toBe('healthy');
  });

  it('as it starts takes the updates it was sent before (simulation seed 10436)', async () => {
    let broken = true;
    const random = () => {
      if (broken) throw new Error('no chance');
      return 0.5;
    };
    const { keeper, clock, of } = createTestSupervisor({ random });
    const monitor = keeper.monitor('gamma', scriptedProbe('-'), { alertAfter: 1, intervalMs: 1_000, jitter: 0 });
    monitor.markReconnecting();
    monitor.update({ alertAfter: 3 });
    keeper.start();
    await clock.settle();
    broken = false;
    expect(of('actor.restarting')).toHaveLength(1);
    await clock.advance(2_999);
    expect([monitor.status.failures, of('alert.raised').length]).toEqual([2, 0]);
    await clock.advance(1);
    expect(of('alert.raised')).toMatchObject([{ failures: 3 }]);
  });

  it('does not come back when the supervisor stops meanwhile', async () => {
    const { keeper, clock, crash, of } = fragile();
    const monitor = keeper.monitor('api', scriptedProbe('+'));
    keeper.start();
    await clock.settle();
    await crash(monitor);
    void keeper.stop();
    await clock.advance(60_000);
    expect([keeper.phase, clock.pending, of('actor.restarted').length]).toEqual(['stopped', 0, 0]);
  });
});
