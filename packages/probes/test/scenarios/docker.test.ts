import { defineProbe } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { type DockerProbeOptions, dockerProbe } from '../../src/docker.ts';
import { withFallback } from '../../src/fallback.ts';
import { fromUrl } from '../../src/fromUrl.ts';
import { dockerEngine, dockerEngineFrom, health, inspection } from '../support/dockerEngine.ts';
import { deadline, until } from '../support/waiting.ts';

/** A container's probe with a direct check behind it, which counts how often it was asked. */
function backed(options: Omit<DockerProbeOptions, 'container'>) {
  let asked = 0;
  const direct = defineProbe('direct', async () => {
    asked += 1;
    return { status: 'pass', detail: 'direct' };
  });
  return { probe: withFallback(dockerProbe({ container: 'a', ...options }), direct), asked: () => asked };
}

describe("what GoDoxy's Docker monitor was tested for", () => {
  it('uses Docker without the fallback; valid unhealthy does not fall back', async () => {
    const containers: Record<string, unknown> = { a: inspection('running', health('healthy', 'fine')) };
    const { engine } = await dockerEngine(containers);
    const { probe, asked } = backed({ engine });
    expect(await probe(deadline())).toMatchObject({ status: 'pass', detail: 'fine' });
    containers['a'] = inspection('running', health('unhealthy', 'sick'));
    expect([await probe(deadline()), asked()]).toMatchObject([{ status: 'fail', detail: 'sick' }, 0]);
  });

  it('negotiates API version: speaks the one it is given, else the Engine’s own', async () => {
    const { engine, asked } = await dockerEngine({ a: inspection('running', health('healthy')) });
    await dockerProbe({ container: 'a', engine })(deadline());
    await dockerProbe({ container: 'a', engine, apiVersion: '1.43' })(deadline());
    expect(asked).toEqual(['GET /containers/a/json', 'GET /v1.43/containers/a/json']);
  });

  it('falls back when health is unavailable, and on an inspection that fails', async () => {
    const { engine } = await dockerEngine({ a: inspection('running') });
    expect(await backed({ engine }).probe(deadline())).toMatchObject({ status: 'pass', detail: 'direct' });
    const boom = await dockerEngineFrom((_request, response) => response.writeHead(500).end('{"message":"boom"}'));
    expect(await backed({ engine: boom.engine }).probe(deadline())).toMatchObject({ detail: 'direct' });
  });

  it('with the fallback disabled is unhealthy with the text, tries again, and is healthy then', async () => {
    const containers: Record<string, unknown> = { a: inspection('running') };
    const { engine } = await dockerEngine(containers);
    const probe = dockerProbe({ container: 'a', engine, unavailable: 'fail' });
    expect(await probe(deadline())).toMatchObject({ status: 'fail', detail: expect.stringContaining('not available') });
    containers['a'] = inspection('running', health('healthy'));
    expect(await probe(deadline())).toMatchObject({ status: 'pass' });
  });

  it('malformed, with the fallback disabled: unhealthy, naming the inspection', async () => {
    const { engine } = await dockerEngineFrom((_request, response) => response.end('{"State":'));
    const probe = dockerProbe({ container: 'a', engine, unavailable: 'fail' });
    expect(await probe(deadline())).toMatchObject({ status: 'fail', detail: expect.stringContaining('inspection') });
  });

  it('cancellation: ends the check, and the fallback is not asked', async () => {
    const { engine, open } = await dockerEngineFrom(() => undefined);
    const { probe, asked } = backed({ engine });
    const abort = new AbortController();
    const running = probe(abort.signal);
    await until(() => open.size === 1);
    abort.abort();
    expect(await running).toMatchObject({ status: 'fail', detail: expect.stringMatching(/^aborted/) });
    expect(asked()).toBe(0);
  });

  it('an Engine that is not there falls back, and the second check uses Docker: attempts 2, fallback 1', async () => {
    let attempts = 0;
    const { engine } = await dockerEngineFrom((_request, response) => {
      attempts += 1;
      if (attempts === 1) response.destroy();
      else response.end(JSON.stringify(inspection('running', health('healthy', 'fine'))));
    });
    const { probe, asked } = backed({ engine });
    expect(await probe(deadline())).toMatchObject({ detail: 'direct' });
    expect(await probe(deadline())).toMatchObject({ detail: 'fine' });
    expect([attempts, asked()]).toEqual([2, 1]);
  });

  it('NewMonitor: what is not Docker is never asked of Docker, and a bad container is refused at once', () => {
    expect(fromUrl('tcp://127.0.0.1:1').name).not.toContain('docker');
    expect(fromUrl('docker://a').name).toBe('docker://a');
    expect(() => fromUrl('docker://')).toThrow();
  });

  it.each(['dead', 'exited', 'paused', 'restarting', 'removing'])(
    'stopped state %s is unhealthy with its text',
    async (status) => {
      const { engine } = await dockerEngine({ a: inspection(status, health('healthy')) });
      expect(await dockerProbe({ container: 'a', engine })(deadline())).toMatchObject({
        status: 'fail',
        detail: `container is ${status}`,
      });
    },
  );

  it('nested healthy has detail and 100 ms latency; a top-level collision and unknown fields are ignored', async () => {
    const container = {
      ...inspection('running', health('healthy', 'nested')),
      Health: { Status: 'unhealthy' },
      New: 1,
    };
    const { engine } = await dockerEngine({ a: container });
    expect(await dockerProbe({ container: 'a', engine })(deadline())).toEqual({
      status: 'pass',
      detail: 'nested',
      latencyMs: 100,
    });
  });

  it('missing health and missing state are errors of their own, and a 500 keeps its “boom”', async () => {
    const { engine } = await dockerEngine({ a: inspection('running'), b: { Id: 'b' } });
    await expect(dockerProbe({ container: 'a', engine })(deadline())).rejects.toThrow('health is not available');
    await expect(dockerProbe({ container: 'b', engine })(deadline())).rejects.toThrow('did not report the state');
    const boom = await dockerEngineFrom((_request, response) => response.writeHead(500).end('{"message":"boom"}'));
    await expect(dockerProbe({ container: 'a', engine: boom.engine })(deadline())).rejects.toThrow('boom');
  });
});
