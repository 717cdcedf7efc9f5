import { createSupervisor, defineProbe, InvalidOptionError } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { type HealthOptions, healthAnswers, healthRoutes } from '../src/index.ts';
import { healthReached, startSupervisor, watchTarget } from './support/supervisor.ts';
import { serve } from './support/testServer.ts';

const pass = { status: 'pass', latencyMs: 12, measured: { 'bytes:in': 7 } } as const;
const fail = { status: 'fail', detail: 'connection refused' } as const;

describe('healthRoutes', () => {
  it('answers each plane by itself: started waits for the first verdict, live does not', async () => {
    const keeper = startSupervisor();
    const { url } = await serve(healthRoutes(keeper));
    watchTarget(keeper, 'api', pass);
    const before = await Promise.all(['/livez', '/startupz', '/readyz'].map((path) => fetch(url + path)));
    await healthReached(keeper, 'healthy');
    const after = await Promise.all(['/livez', '/startupz', '/readyz'].map((path) => fetch(url + path)));
    expect(before[0]?.status).toBe(200);
    expect(after.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('answers 503 with Retry-After, and says in one word why, while a required target is down', async () => {
    const keeper = startSupervisor();
    watchTarget(keeper, 'api', fail);
    await healthReached(keeper, 'unhealthy');
    const { url } = await serve(healthRoutes(keeper, { retryAfterMs: 1_500 }));
    const response = await fetch(`${url}/readyz?verbose`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toBe('application/health+json; charset=utf-8');
    expect(await response.json()).toEqual({ status: 'fail', output: 'unhealthy' });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  it('answers 503 on /livez only while what is required for it is down, and never in a drain (INV-111)', async () => {
    const keeper = startSupervisor();
    watchTarget(keeper, 'worker', fail, { requiredFor: ['live'] });
    await healthReached(keeper.monitorOf('worker'), 'unhealthy');
    const answer = healthAnswers(keeper);
    const { status, body, headers } = answer('live');
    expect([status, body, 'Retry-After' in headers]).toEqual([503, '{"status":"fail","output":"unhealthy"}', true]);
    expect([answer('ready').status, answer('started').status, answer('health').status]).toEqual([200, 200, 200]);
    const drained = keeper.drain({ noticeMs: 50 });
    expect(answer('live').status).toBe(200);
    await drained;
  });

  it('calls a degraded program ready, with a warning', async () => {
    const keeper = startSupervisor();
    watchTarget(keeper, 'api', { status: 'warn' });
    await healthReached(keeper, 'degraded');
    const { url } = await serve(healthRoutes(keeper));
    const response = await fetch(`${url}/readyz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'warn' }]);
    expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: 'pass' });
  });

  it('stays live and is unready while the supervisor drains, and neither after it', async () => {
    const keeper = startSupervisor();
    const answer = healthAnswers(keeper);
    const drained = keeper.drain({ noticeMs: 100 });
    expect([answer('live').status, answer('ready').status, answer('ready').body]).toEqual([
      200,
      503,
      '{"status":"fail","output":"draining"}',
    ]);
    await drained;
    expect([answer('live').status, answer('ready').status]).toEqual([503, 503]);
  });

  it('says that start() was not called, to whoever asks for the whole or for a part', async () => {
    await using keeper = createSupervisor();
    keeper.monitor(
      'api',
      defineProbe('api', async () => pass),
    );
    const answer = healthAnswers(keeper, { groups: { api: {} } });
    for (const question of ['ready', 'started', 'health', { group: 'api' }] as const) {
      const { status, body } = answer(question);
      expect([status, JSON.parse(body).output]).toEqual([503, 'start() was not called']);
    }
    expect(answer('live').status).toBe(200);
    keeper.start();
    expect([JSON.parse(answer('ready').body).output, JSON.parse(answer({ group: 'api' }).body).output]).toEqual([
      'starting',
      'starting',
    ]);
  });

  it.each(['drain', 'stop'] as const)('says that start() came too late after %s()', async (call) => {
    const keeper = createSupervisor();
    const answer = healthAnswers(keeper);
    await keeper[call]();
    expect(JSON.parse(answer('ready').body).output).toBe('stopped');
    keeper.start();
    expect(JSON.parse(answer('ready').body).output).toBe('stopped: start() came too late and did nothing');
  });

  it('answers HEAD as GET without the body', async () => {
    const { url } = await serve(healthRoutes(startSupervisor()));
    const head = await fetch(`${url}/readyz`, { method: 'HEAD' });
    const get = await fetch(`${url}/readyz`);
    const body = await get.text();
    expect([head.status, await head.text(), body.length > 0]).toEqual([200, '', true]);
    expect(head.headers.get('content-length')).toBe(String(body.length));
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('answers %s with 405 and says what it allows', async (method) => {
    const { url } = await serve(healthRoutes(startSupervisor()));
    const response = await fetch(`${url}/livez`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('answers 404 to what it does not know, or passes it on to whoever is next', async () => {
    const routes = healthRoutes(startSupervisor());
    const alone = await serve(routes);
    const first = await serve((request, response) => routes(request, response, () => response.end('next')));
    expect((await fetch(`${alone.url}/livezz`)).status).toBe(404);
    expect(await (await fetch(`${first.url}/`)).text()).toBe('next');
    expect((await fetch(`${first.url}/livez`)).status).toBe(200);
  });

  it('serves other paths, and none where the path is false', async () => {
    const { url } = await serve(healthRoutes(startSupervisor(), { paths: { live: '/healthz', health: false } }));
    const statuses = ['/healthz', '/livez', '/health', '/readyz'].map(async (path) => (await fetch(url + path)).status);
    expect(await Promise.all(statuses)).toEqual([200, 404, 404, 200]);
  });

  it('shows single monitors to those only who may see details', async () => {
    const keeper = startSupervisor();
    watchTarget(keeper, 'db:main', pass);
    await healthReached(keeper, 'healthy');
    const service = { serviceId: 'orders', version: '3' };
    const { url } = await serve(
      healthRoutes(keeper, { service, details: ({ headers }) => headers['authorization'] === 'Bearer key' }),
    );
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'pass', ...service });
    const detailed = await (await fetch(`${url}/health`, { headers: { authorization: 'Bearer key' } })).json();
    const time = detailed.checks['db%3Amain:health'][0].time;
    expect(new Date(time).toISOString()).toBe(time);
    expect(detailed.checks).toEqual({
      'db%3Amain:health': [
        { componentId: 'db:main', componentType: 'component', status: 'pass', observedValue: 'healthy', time },
      ],
      'db%3Amain:responseTime': [
        { componentId: 'db:main', status: 'pass', observedValue: 12, observedUnit: 'ms', time },
      ],
      'db%3Amain:bytes%3Ain': [{ componentId: 'db:main', status: 'pass', observedValue: 7, time }],
    });
  });

  it('tells how one monitor failed lately, to those only who may see details (INV-114)', async () => {
    const keeper = startSupervisor();
    const say = watchTarget(keeper, 'db/main', fail);
    const monitor = keeper.monitorOf('db/main');
    await healthReached(monitor, 'unhealthy');
    say(pass);
    await healthReached(monitor, 'healthy');
    const options: HealthOptions = { details: ({ headers }) => headers['authorization'] === 'Bearer key' };
    const { url } = await serve(healthRoutes(keeper, { ...options, groups: { odd: { path: '/health/odd/history' } } }));
    const headers = { authorization: 'Bearer key' };
    const path = `${url}/health/db%2Fmain/history`;
    const response = await fetch(path, { headers });
    const [failure] = monitor?.status.lastFailures ?? [];
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const time = new Date(failure?.at ?? 0).toISOString();
    const history = await response.json();
    expect(history).toEqual({
      id: 'db/main',
      status: 'pass',
      health: 'healthy',
      since: expect.stringMatching(/Z$/),
      healthyAt: expect.stringMatching(/Z$/),
      failures: [{ time, durationMs: failure?.tookMs, status: 'fail', output: 'connection refused' }],
    });
    const details = await (await fetch(`${url}/health`, { headers })).json();
    expect(details.checks['db/main:health'][0].lastFailures).toEqual(history.failures);
    // Nobody else learns whether there is such a monitor.
    const hidden = await fetch(path);
    const none = await fetch(`${url}/health/nobody/history`, { headers });
    expect([hidden.status, none.status, await hidden.text()]).toEqual([404, 404, await none.text()]);
    expect((await (await fetch(`${url}/health/odd/history`, { headers })).json()).output).toBe('unknown');
    expect([(await fetch(`${url}/health//history`)).status, (await fetch(path, { method: 'POST' })).status]).toEqual([
      404, 405,
    ]);
    const moved = await serve(healthRoutes(keeper, { ...options, paths: { health: '/' } }));
    expect((await fetch(`${moved.url}/db%2Fmain/history`, { headers })).status).toBe(200);
    const without = await serve(healthRoutes(keeper, { ...options, paths: { health: false } }));
    expect((await fetch(`${without.url}/health/db%2Fmain/history`, { headers })).status).toBe(404);
  });

  it('asks no target and looks at no monitor to answer about a plane', () => {
    const keeper = startSupervisor();
    const source = {
      phase: keeper.phase,
      health: keeper.health,
      planes: keeper.planes,
      statuses: () => expect.fail('looked at the monitors'),
      monitorOf: () => expect.fail('looked at a monitor'),
      groupOf: () => expect.fail('looked at a group'),
    };
    const answer = healthAnswers(source);
    expect((['live', 'ready', 'started', 'health'] as const).map((question) => answer(question).status)).toEqual([
      200, 200, 200, 200,
    ]);
  });

  it.each<[string, unknown]>([
    ['health.retryAfterMs', { retryAfterMs: 0 }],
    ['health.details', { details: true }],
    ['health.service', { service: 'orders' }],
    ['health.paths', { paths: '/livez' }],
    ['health.paths', { paths: { live: '/a', ready: '/a' } }],
    ['health.paths.live', { paths: { live: 'livez' } }],
    ['health.paths.alive', { paths: { alive: '/alive' } }],
    ['health.path', { path: '/livez' }],
  ])('refuses a wrong %s by its name', (option, options) => {
    const keeper = startSupervisor();
    expect(() => healthRoutes(keeper, options as HealthOptions)).toThrow(
      expect.toSatisfy((error) => error instanceof InvalidOptionError && error.option === option),
    );
  });
});
