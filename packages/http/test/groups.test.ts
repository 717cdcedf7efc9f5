import { defineProbe, InvalidOptionError, type Supervisor, type Verdict } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { type Groups, groupRoutes, healthAnswers, healthRoutes } from '../src/index.ts';
import { healthReached, startSupervisor } from './support/supervisor.ts';
import { serve } from './support/testServer.ts';

/** A supervisor with monitors of these verdicts, all tagged `shop`, and a composite of them, once all are judged. */
async function shop(verdicts: Readonly<Record<string, Verdict['status']>>): Promise<Supervisor> {
  const keeper = startSupervisor();
  for (const [id, status] of Object.entries(verdicts)) {
    const probe = defineProbe(id, async () => ({ status, detail: `${id} says so` }));
    keeper.monitor(id, probe, { tags: ['shop'], requiredFor: [] });
  }
  const all = keeper.composite('all', { of: Object.keys(verdicts), need: 'all' }, { requiredFor: [] });
  const worst = ({ pass: 'healthy', warn: 'degraded', fail: 'unhealthy' } as const)[
    (['fail', 'warn', 'pass'] as const).find((status) => Object.values(verdicts).includes(status)) ?? 'pass'
  ];
  await healthReached(all, worst);
  return keeper;
}

const asked = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { headers });
  return [response.status, await response.json()] as const;
};

describe('a group that is served', () => {
  it('is asked for at a path of its own, by the id of a composite, a monitor or a tag (INV-113)', async () => {
    const keeper = await shop({ card: 'pass', 'bank/main': 'fail' });
    const groups = { all: {}, shop: { path: '/shop', need: 'any' as const }, 'bank/main': {}, card: {} };
    const { url } = await serve(healthRoutes(keeper, { groups }));
    expect(await asked(`${url}/health/all`)).toEqual([503, { status: 'fail', output: 'unhealthy' }]);
    expect(await asked(`${url}/shop`)).toEqual([200, { status: 'pass' }]);
    expect(await asked(`${url}/health/bank%2Fmain?x`)).toEqual([503, { status: 'fail', output: 'unhealthy' }]);
    expect(await asked(`${url}/health/card`)).toEqual([200, { status: 'pass' }]);
    expect((await fetch(`${url}/health/shop`)).status).toBe(404);
    expect((await fetch(`${url}/health/%`)).status).toBe(404);
    // What a group says changes nothing of the whole.
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const response = await fetch(`${url}/health/all`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/health+json; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': '5',
    });
    expect((await fetch(`${url}/health/all`, { method: 'POST' })).status).toBe(405);
    const head = await fetch(`${url}/health/all`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([503, '']);
  });

  it('has the HTTP status that it maps its health to, and a body that agrees with it', async () => {
    const keeper = await shop({ card: 'warn' });
    const answer = healthAnswers(keeper, { groups: { all: { status: { degraded: 503 } }, shop: {} } });
    expect([answer({ group: 'all' }).status, JSON.parse(answer({ group: 'all' }).body)]).toEqual([
      503,
      { status: 'fail', output: 'degraded' },
    ]);
    expect([answer({ group: 'shop' }).status, JSON.parse(answer({ group: 'shop' }).body)]).toEqual([
      200,
      { status: 'warn', output: 'degraded' },
    ]);
    const down = await shop({ card: 'fail' });
    const lenient = healthAnswers(down, {
      groups: { all: { status: { unhealthy: 207 } }, card: { status: { unhealthy: 429 } } },
    });
    const { status, headers, body } = lenient({ group: 'all' });
    expect([status, 'Retry-After' in headers, JSON.parse(body).status]).toEqual([207, false, 'warn']);
    expect(lenient({ group: 'card' })).toMatchObject({ status: 429, headers: { 'Retry-After': '5' } });
  });

  it('shows its members, and no others, to those whom its own rule lets, or else that of the routes', async () => {
    const keeper = await shop({ card: 'pass', bank: 'fail' });
    keeper.monitor(
      'secret',
      defineProbe('secret', async () => ({ status: 'pass' })),
    );
    const groups: Groups = {
      all: {},
      shop: { details: false },
      card: { details: true },
      bank: { details: ({ headers }) => headers['x-key'] === 'b' },
    };
    const { url } = await serve(healthRoutes(keeper, { groups, details: ({ headers }) => headers['x-key'] === 'a' }));
    const checks = async (name: string, key = '') =>
      Object.keys((await asked(`${url}/health/${name}`, { 'x-key': key }))[1].checks ?? {});
    const both = ['card:health', 'bank:health'];
    expect([await checks('all'), await checks('all', 'a')]).toEqual([[], both]);
    expect([await checks('shop', 'a'), await checks('card')]).toEqual([[], ['card:health']]);
    expect([await checks('bank', 'a'), await checks('bank', 'b')]).toEqual([[], ['bank:health']]);
  });

  it('is down while nobody has made it, and while the program goes', async () => {
    const keeper = startSupervisor();
    const answer = healthAnswers(keeper, { groups: { card: {}, late: { status: { stopped: 200 } } } });
    expect(JSON.parse(answer({ group: 'card' }).body)).toEqual({ status: 'fail', output: 'unknown' });
    keeper.monitor(
      'card',
      defineProbe('card', async () => ({ status: 'pass' })),
    );
    await healthReached(keeper.monitorOf('card'), 'healthy');
    expect(answer({ group: 'card' }).status).toBe(200);
    const drained = keeper.drain({ noticeMs: 50 });
    expect([answer({ group: 'card' }).status, JSON.parse(answer({ group: 'card' }).body).output]).toEqual([
      503,
      'draining',
    ]);
    expect(answer({ group: 'late' }).status).toBe(200);
    await drained;
    expect([answer({ group: 'card' }).status, JSON.parse(answer({ group: 'card' }).body).output]).toEqual([
      503,
      'stopped',
    ]);
  });

  it('has a listener, and so a port, of its own', async () => {
    const keeper = await shop({ card: 'warn' });
    const { url } = await serve(
      groupRoutes(keeper, { all: { path: '/', status: { degraded: 503 } } }, { retryAfterMs: 1 }),
    );
    const response = await fetch(url);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await fetch(`${url}/livez`)).status).toBe(404);
  });

  it('is none of those that were not named', () => {
    const answer = healthAnswers(startSupervisor(), { groups: { card: {} } });
    expect(() => answer({ group: 'bank' })).toThrow(InvalidOptionError);
  });

  it.each<[string, unknown]>([
    ['health.groups', []],
    ['health.groups', 'card'],
    ['health.groups', { '': {} }],
    ['health.groups.card.path', { card: { path: 'card' } }],
    ['health.groups.card.path', { card: { path: '/livez' } }],
    ['health.groups.bank.path', { card: { path: '/x' }, bank: { path: '/x' } }],
    ['health.groups.card.details', { card: { details: 'yes' } }],
    ['health.groups.card.status', { card: { status: { degraded: 700 } } }],
    ['health.groups.card.status', { card: { status: { bad: 200 } } }],
    ['health.groups.card.need', { card: { need: 0 } }],
    ['health.groups.card.port', { card: { port: 80 } }],
  ])('is refused for a wrong %s', (option, groups) => {
    expect(() => healthRoutes(startSupervisor(), { groups: groups as Groups })).toThrow(
      expect.objectContaining({ constructor: InvalidOptionError, option }),
    );
  });
});
