import { createSupervisor } from '@watchkeeper/core';
import { systemLookups } from '@watchkeeper/core/adapters';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { dockerProbe, httpProbe, tcpProbe, udpProbe, withFallback } from '../src/index.ts';
import { misbehaviours, serve } from './support/tcpServers.ts';
import { deadline } from './support/waiting.ts';

/** Holds every place of the system's look-ups, as names do that do not resolve, until the test ends or says so. */
function holdLookups(): () => void {
  const ends: (() => void)[] = [];
  for (const name of ['one', 'two']) {
    const start = () => new Promise<void>((resolve) => void ends.push(resolve));
    void systemLookups.ask(name, start, new AbortController().signal);
  }
  const release = (): void => ends.forEach((end) => void end());
  onTestFinished(release);
  return release;
}

describe('while names that do not resolve hold all look-ups', () => {
  it('a check of another name is undecided, and passes once there is a place', async () => {
    const served = await serve(misbehaviours.blackHole);
    const release = holdLookups();
    const probes = [
      tcpProbe({ host: 'localhost', port: served.port }),
      udpProbe({ host: 'localhost', port: 9 }),
      httpProbe({ url: `http://localhost:${served.port}/` }),
      dockerProbe({ container: 'a', engine: `tcp://localhost:${served.port}`, unavailable: 'fail' }),
    ];
    for (const probe of probes) {
      await expect(probe(deadline(60)), probe.name).rejects.toMatchObject({
        code: 'UNDECIDED',
        message: 'name look-ups of other checks hold all threads',
      });
    }
    const waiting = tcpProbe({ host: 'localhost', port: served.port })(deadline());
    release();
    expect(await waiting).toMatchObject({ status: 'pass' });
  });

  it('addresses, names of a resolver of their own and pinned addresses are checked as always', async () => {
    const served = await serve(misbehaviours.blackHole);
    holdLookups();
    const { port } = served;
    expect(await tcpProbe({ host: '127.0.0.1', port })(deadline())).toMatchObject({ status: 'pass' });
    expect(await tcpProbe({ host: 'localhost', port, resolver: 'dns' })(deadline())).toMatchObject({ status: 'pass' });
    expect(await tcpProbe({ host: 'a.test', port, address: '127.0.0.1' })(deadline())).toMatchObject({
      status: 'pass',
    });
  });

  it('a fallback answers where its primary has only a part of the time', async () => {
    holdLookups();
    const served = await serve(misbehaviours.blackHole);
    const probe = withFallback(
      tcpProbe({ host: 'localhost', port: served.port }),
      tcpProbe({ host: '127.0.0.1', port: served.port }),
      { primaryMs: 20 },
    );
    expect(await probe(deadline())).toMatchObject({ status: 'pass' });
  });

  it('a monitor of a healthy target keeps its health, and says what it dropped', async () => {
    const served = await serve(misbehaviours.blackHole);
    const keeper = createSupervisor();
    onTestFinished(async () => void (await keeper.stop()));
    const dropped: unknown[] = [];
    keeper.events$.subscribe((event) => event.type === 'verdict.discarded' && dropped.push(event));
    const good = keeper.monitor('good', tcpProbe({ host: 'localhost', port: served.port }), {
      intervalMs: 20,
      timeoutMs: 60_000,
      jitter: 0,
    });
    keeper.start();
    await vi.waitFor(() => expect(good.health).toBe('healthy'), { timeout: 60_000, interval: 5 });
    holdLookups();
    good.update({ intervalMs: 20, timeoutMs: 100 });
    await vi.waitFor(() => expect(dropped.length).toBeGreaterThan(2), { timeout: 60_000, interval: 5 });
    expect(dropped[0]).toMatchObject({ id: 'good', reason: 'undecided' });
    expect(good.health).toBe('healthy');
  });
});
