import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import {
  createSupervisor,
  defineProbe,
  type RunScope,
  type ServiceOptions,
  type SupervisorEvent,
  type SupervisorOptions,
  UnrecoverableError,
  type Verdict,
} from '../../src/index.ts';

/** One run under way, with what ends it. */
interface LiveRun {
  readonly scope: RunScope;
  readonly done: () => void;
  readonly crash: (cause: unknown) => void;
}

/** A supervisor on a virtual clock, whose services do what the test says. */
function world(options: SupervisorOptions = {}) {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock, random: () => 0.5, ...options });
  const events: SupervisorEvent[] = [];
  keeper.events$.subscribe((event) => events.push(event));
  const live = new Map<string, LiveRun>();
  const log: string[] = [];
  /** A service that is ready at once, and ends when it is told to. */
  const serve = (id: string, given?: ServiceOptions, { ends = true, readies = true } = {}) =>
    keeper.service(
      id,
      (scope) =>
        new Promise<void>((resolve, reject) => {
          log.push(`${id} begins`);
          live.set(id, { scope, done: resolve, crash: reject });
          scope.draining.addEventListener('abort', () => log.push(`${id} drains`));
          scope.signal.addEventListener('abort', () => {
            log.push(`${id} stops`);
            if (ends) resolve();
          });
          if (readies) scope.ready();
        }),
      given,
    );
  const run = (id: string): LiveRun => {
    const found = live.get(id);
    if (found === undefined) throw new Error(`${id} does not run`);
    return found;
  };
  return { clock, keeper, events, log, serve, run, pass: (ms = 0) => clock.advance(ms) };
}

const typesOf = (events: readonly SupervisorEvent[], id: string) =>
  events.flatMap((event) => ('id' in event && event.id === id ? [event.type] : []));

describe('a service', () => {
  it('begins with the supervisor, is healthy once it says that it is ready, and counts for started and ready', async () => {
    const { keeper, serve, run, pass } = world();
    const service = serve('web', {}, { readies: false });
    expect([service.state, service.health]).toEqual(['idle', 'starting']);
    keeper.start();
    await pass();
    expect([service.state, keeper.planes]).toEqual(['starting', { started: false, ready: false, live: true }]);
    run('web').scope.ready();
    await pass();
    await service.ready;
    expect([service.state, service.health]).toEqual(['running', 'healthy']);
    expect(keeper.planes).toEqual({ started: true, ready: true, live: true });
    expect(await keeper.started).toMatchObject({ reason: 'started', waiting: [] });
    await keeper.stop();
  });

  it('begins once what it depends on is ready or healthy, and not before (INV-81)', async () => {
    const { keeper, serve, run, pass, log, clock } = world();
    let verdict: Verdict = { status: 'fail' };
    keeper.monitor(
      'db',
      defineProbe('db', async () => verdict),
      { intervalMs: 1_000, jitter: 0 },
    );
    serve('pool', { dependsOn: ['db'] }, { readies: false });
    const web = serve('web', { dependsOn: ['pool'] });
    keeper.start();
    await pass(10);
    expect(log).toEqual([]);
    expect(web.status).toMatchObject({ state: 'waiting', waitsFor: ['pool'] });
    verdict = { status: 'pass' };
    await clock.advance(1_000);
    expect(log).toEqual(['pool begins']);
    run('pool').scope.ready();
    await pass();
    expect(log).toEqual(['pool begins', 'web begins']);
    await keeper.stop();
  });

  it('is done for ever when a transient one resolves, and what depends on it begins', async () => {
    const { keeper, serve, run, pass, log } = world();
    const migration = serve('migration', { restart: 'transient' }, { readies: false });
    serve('web', { dependsOn: ['migration'] });
    keeper.start();
    await pass();
    run('migration').done();
    await pass();
    expect(log).toEqual(['migration begins', 'web begins']);
    expect(await migration.ended).toEqual({ reason: 'done', forced: false, unfinished: false });
    expect(keeper.serviceOf('migration')).toBeUndefined();
    await keeper.stop();
  });

  it('is begun again after a failure with a growing wait, and given up before the restart too many (INV-91, INV-97)', async () => {
    const { keeper, serve, run, pass, events } = world({ services: { intensity: 2, periodMs: 60_000 } });
    const web = serve('web');
    keeper.start();
    await pass();
    for (const waitMs of [1_000, 2_000]) {
      run('web').crash(new Error('no luck'));
      await pass();
      expect(web.status).toMatchObject({ state: 'backingOff', health: 'error', detail: 'Error: no luck' });
      await pass(waitMs - 1);
      expect(web.state).toBe('backingOff');
      await pass(1);
      expect(web.state).toBe('running');
    }
    expect(web.status).toMatchObject({ run: 3, restarts: 2 });
    run('web').crash(new Error('no luck'));
    await pass();
    expect([web.state, web.health, keeper.planes.ready]).toEqual(['failed', 'error', false]);
    expect(events.find(({ type }) => type === 'supervisor.escalated')).toMatchObject({ id: 'web', restarts: 2 });
    // It stays known until it is made anew or stopped.
    expect(keeper.serviceOf('web')?.state).toBe('failed');
    serve('web');
    await pass();
    expect(keeper.planes.ready).toBe(true);
    await keeper.stop();
  });

  it('is not begun again after an error that no other run would mend', async () => {
    const { keeper, serve, run, pass } = world();
    const web = serve('web');
    keeper.start();
    await pass();
    run('web').crash(new UnrecoverableError('wrong password'));
    await pass(60_000);
    expect([web.state, await web.ended]).toMatchObject(['failed', { reason: 'failed' }]);
    await keeper.stop();
  });

  it('that never says ready is stopped after its time to start, which counts as a failure (INV-90)', async () => {
    const { keeper, serve, pass, log } = world();
    const web = serve('web', { startTimeoutMs: 5_000 }, { readies: false });
    keeper.start();
    await pass(4_999);
    expect(log).toEqual(['web begins']);
    await pass(1);
    expect(log).toEqual(['web begins', 'web drains', 'web stops']);
    expect(web.status).toMatchObject({
      state: 'backingOff',
      last: { how: 'start timeout', detail: 'not ready within 5000 ms' },
    });
    await keeper.stop();
  });

  it('whose run does not end is stuck, and no second run begins until it does (INV-80)', async () => {
    const { keeper, serve, run, pass, log, events } = world();
    const web = serve('web', { shutdownMs: 1_000 }, { ends: false });
    keeper.start();
    await pass();
    const first = run('web');
    web.restart();
    await pass(10_000);
    expect([web.state, web.health]).toEqual(['stuck', 'error']);
    expect(events.some(({ type }) => type === 'service.stuck')).toBe(true);
    expect(log.filter((line) => line === 'web begins')).toHaveLength(1);
    first.done();
    await pass();
    expect([web.state, web.status.run, web.status.restarts]).toEqual(['running', 2, 0]);
    const stopped = keeper.stop();
    await pass(10_000);
    expect(await stopped).toMatchObject({
      services: { total: 1, stopped: 0, forced: 1, failed: 0 },
      unfinished: ['service web'],
    });
  });

  it('hears of a drain first, and is stopped after what rests on it, once its clients have left (INV-83, INV-85)', async () => {
    const { keeper, serve, pass, log } = world();
    serve('pool');
    serve('consumer', { dependsOn: ['pool'], quiesceMs: 10_000 });
    keeper.start();
    await pass();
    log.length = 0;
    const slot = keeper.reserve('client');
    const session = slot.reserved ? slot.open({ goaway() {}, close() {} }) : undefined;
    const drained = keeper.drain({ graceMs: 5_000 });
    await pass(100);
    expect(log).toEqual(['pool drains', 'consumer drains']);
    session?.end();
    await pass(100);
    expect(log).toEqual(['pool drains', 'consumer drains']);
    await pass(9_900);
    expect(log).toEqual(['pool drains', 'consumer drains', 'consumer stops', 'pool stops']);
    expect(await drained).toMatchObject({
      reason: 'drained',
      services: { total: 2, stopped: 2, forced: 0, failed: 0 },
    });
  });

  it('that says it is quiet is not given the rest of its time (INV-87)', async () => {
    const { keeper, serve, run, pass, log } = world();
    serve('consumer', { quiesceMs: 20_000 });
    keeper.start();
    await pass();
    const drained = keeper.drain();
    await pass(1_000);
    expect(log).not.toContain('consumer stops');
    run('consumer').scope.quiet();
    await pass();
    expect(log).toContain('consumer stops');
    expect((await drained).durationMs).toBe(1_000);
  });

  it('never begins in a drain, and is not restarted (INV-86)', async () => {
    const { keeper, serve, run, pass, log } = world();
    serve('consumer', { quiesceMs: 5_000 });
    keeper.start();
    await pass();
    const drained = keeper.drain();
    await pass();
    run('consumer').crash(new Error('late'));
    await pass(60_000);
    expect(log.filter((line) => line === 'consumer begins')).toHaveLength(1);
    expect((await drained).services).toEqual({ total: 1, stopped: 0, forced: 0, failed: 1 });
  });

  it('that depends on others is stopped before them, for good, and frees its id', async () => {
    const { keeper, serve, pass, log } = world();
    const pool = serve('pool');
    const web = serve('web', { dependsOn: ['pool'] });
    keeper.start();
    await pass();
    log.length = 0;
    const end = pool.stop();
    await pass();
    expect(log).toEqual(['web drains', 'web stops', 'pool drains', 'pool stops']);
    expect([await end, await web.ended]).toMatchObject([{ reason: 'stopped' }, { reason: 'stopped' }]);
    serve('pool');
    await pass();
    expect(keeper.serviceOf('pool')?.state).toBe('running');
    await keeper.stop();
  });

  it('is restarted by its health only while nothing it depends on is down (INV-98, INV-99)', async () => {
    const { keeper, serve, run, pass, events } = world();
    let verdict: Verdict = { status: 'pass' };
    const db = keeper.monitor(
      'db',
      defineProbe('db', async () => verdict),
      { intervalMs: 1_000, jitter: 0 },
    );
    const web = serve('web', { dependsOn: ['db'], restartWhen: { unhealthyForMs: 10_000 } });
    keeper.start();
    await pass(10);
    verdict = { status: 'fail' };
    db.check();
    await pass();
    run('web').scope.notReady('no database');
    await pass(60_000);
    expect(web.status).toMatchObject({ state: 'running', health: 'unhealthy', heldBy: 'db', run: 1 });
    verdict = { status: 'pass' };
    db.check();
    await pass(9_999);
    // What it says again and again does not begin the time anew.
    run('web').scope.notReady('still none');
    await pass();
    expect(web.status).toMatchObject({ run: 1, detail: 'still none' });
    await pass(1);
    expect(web.status).toMatchObject({ state: 'backingOff', last: { how: 'unhealthy' } });
    expect(typesOf(events, 'web').filter((type) => type === 'service.held')).toHaveLength(1);
    await keeper.stop();
  });

  it('without a beat is unhealthy once, and healthy with the next (INV-100)', async () => {
    const { keeper, serve, run, pass, events } = world();
    const web = serve('web', { beatWithinMs: 1_000 });
    keeper.start();
    await pass(900);
    run('web').scope.beat();
    await pass(999);
    expect(web.health).toBe('healthy');
    await pass(10_000);
    expect(web.status).toMatchObject({ health: 'unhealthy', detail: 'no beat within 1000 ms' });
    run('web').scope.beat();
    await pass();
    expect(web.health).toBe('healthy');
    expect(typesOf(events, 'web').filter((type) => type === 'health.changed')).toHaveLength(3);
    await keeper.stop();
  });

  it('says nothing after its end (INV-89)', async () => {
    const { keeper, serve, run, pass } = world();
    const web = serve('web', {}, { readies: false });
    keeper.start();
    await pass();
    const { scope, crash } = run('web');
    crash(new Error('gone'));
    await pass(1_000);
    scope.ready();
    await pass();
    expect(web.state).toBe('starting');
    await keeper.stop();
  });

  it('is told as missing when the time to start is over', async () => {
    const { keeper, serve, pass } = world({ startDeadlineMs: 5_000, onStartFailure: 'drain' });
    serve('web', {}, { readies: false });
    keeper.start();
    await pass(5_000);
    expect(await keeper.started).toEqual({ reason: 'deadline', waiting: ['web'], tookMs: 5_000 });
    expect(keeper.phase).not.toBe('running');
  });

  it('is refused when its chain cannot be stopped within a drain', async () => {
    const { keeper, serve } = world({ drain: { deadlineMs: 8_000, graceMs: 1_000 } });
    serve('pool');
    serve('web', { dependsOn: ['pool'] });
    expect(() => keeper.start()).toThrow(
      /`supervisor.drain.deadlineMs` to be at least the chain web, pool, which takes 10000/,
    );
    await keeper.stop();
  });

  it('that was never begun is not called at all when it is stopped', async () => {
    const { keeper, serve, log } = world();
    const web = serve('web');
    await keeper.stop();
    expect([log, web.state]).toEqual([[], 'stopped']);
    await expect(web.ready).rejects.toMatchObject({ code: 'SERVICE_ENDED', id: 'web' });
  });
});

describe('what depends on a service that is being stopped', () => {
  it('is refused', async () => {
    const { keeper, serve, pass } = world();
    const pool = serve('pool', { shutdownMs: 1_000 }, { ends: false });
    keeper.start();
    await pass();
    void pool.stop();
    expect(() => serve('web', { dependsOn: ['pool'] })).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_ID', id: 'pool' }),
    );
    const stopped = keeper.stop();
    await pass(10_000);
    await stopped;
  });
});
