import { createSupervisor, type Health, type Monitor, type Probe } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { tcpProbe } from '../../src/tcp.ts';
import { transferProbe } from '../../src/transfer.ts';
import { misbehaviours, refusedPort, serve } from '../support/tcpServers.ts';
import { until } from '../support/waiting.ts';

const host = '127.0.0.1';
const graceMs = 10_000;

/** A monitor of a real port, whose time is virtual. */
function watched(probe: Probe): { monitor: Monitor; clock: VirtualClock } {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock });
  keeper.start();
  return { clock, monitor: keeper.monitor('port', probe, { startGraceMs: graceMs, intervalMs: 60_000 }) };
}

const judged = async (monitor: Monitor): Promise<Health> => {
  await until(() => monitor.status.checkedAt !== undefined);
  return monitor.health;
};

/** What the first check finds, and what one after the grace does. */
async function found(probe: Probe): Promise<[Health, Health]> {
  const { monitor, clock } = watched(probe);
  const first = await judged(monitor);
  await clock.advance(graceMs);
  const { checkedAt } = monitor.status;
  monitor.check();
  await until(() => monitor.status.checkedAt !== checkedAt);
  const then = monitor.health;
  monitor.stop();
  return [first, then];
}

describe("what kportal's probes were tested for", () => {
  it('TCPDialMethod: a port that listens is healthy; a closed one is starting, and down after its grace', async () => {
    const { port } = await serve(misbehaviours.blackHole);
    expect(await found(tcpProbe({ host, port }))).toEqual(['healthy', 'healthy']);
    expect(await found(tcpProbe({ host, port: await refusedPort() }))).toEqual(['starting', 'unhealthy']);
  });

  it.each([
    ['a banner', (socket) => socket.resume().write('220 ready\r\n')],
    ['silence', misbehaviours.blackHole],
    ['an orderly end', misbehaviours.hangUp],
  ] satisfies [string, Parameters<typeof serve>[0]][])(
    'DataTransferMethod: %s is healthy (INV-50)',
    async (_, behave) => {
      const { port } = await serve(behave);
      expect(await found(transferProbe({ host, port, quietMs: 20 }))).toEqual(['healthy', 'healthy']);
    },
  );

  it('DataTransferMethod: nobody there is down after the grace', async () => {
    expect(await found(transferProbe({ host, port: await refusedPort() }))).toEqual(['starting', 'unhealthy']);
  });
});
