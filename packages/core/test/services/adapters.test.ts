import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { fromPromise, setup } from 'xstate';
import {
  actorService,
  consumerService,
  createSupervisor,
  InvalidOptionError,
  intervalService,
  resourceService,
} from '../../src/index.ts';

function start() {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock });
  return { clock, keeper };
}

describe('a resource as a service', () => {
  it('is ready once it is open, is given out while it is, and closed after what uses it', async () => {
    const { clock, keeper } = start();
    const log: string[] = [];
    const pool = resourceService({
      open: async () => ({ query: (sql: string) => log.push(sql) }),
      close: () => void log.push('close'),
    });
    expect(() => pool.use()).toThrow(expect.objectContaining({ code: 'RESOURCE_CLOSED' }));
    keeper.service('pool', pool);
    keeper.service(
      'web',
      async ({ ready, signal, sleep }) => {
        pool.use().query('begin');
        ready();
        while (!signal.aborted) await sleep(1_000);
        pool.use().query('end');
      },
      { dependsOn: ['pool'] },
    );
    keeper.start();
    await clock.advance(10);
    expect([log, keeper.planes.ready]).toEqual([['begin'], true]);
    const drained = keeper.drain();
    await clock.advance(10);
    await drained;
    expect(log).toEqual(['begin', 'end', 'close']);
    expect(() => pool.use()).toThrow('not open');
  });

  it('is unhealthy while its check rejects', async () => {
    const { clock, keeper } = start();
    let broken = false;
    const pool = resourceService({
      open: () => 1,
      close: () => {},
      check: async () => {
        if (broken) throw new Error('connection lost');
      },
      checkEveryMs: 1_000,
    });
    const service = keeper.service('pool', pool);
    keeper.start();
    await clock.advance(10);
    broken = true;
    await clock.advance(1_000);
    expect(service.status).toMatchObject({ health: 'unhealthy', detail: 'Error: connection lost' });
    broken = false;
    await clock.advance(1_000);
    expect(service.health).toBe('healthy');
    await keeper.stop();
  });

  it('that opens only after it was told to stop is closed, and never ready', async () => {
    const { clock, keeper } = start();
    const log: string[] = [];
    let open = () => {};
    const pool = resourceService({
      open: () => new Promise<number>((resolve) => (open = () => resolve(1))),
      close: () => void log.push('close'),
    });
    const service = keeper.service('pool', pool);
    keeper.start();
    await clock.advance(0);
    const end = service.stop();
    open();
    await clock.advance(0);
    expect([await end, log]).toMatchObject([{ reason: 'stopped', unfinished: false }, ['close']]);
  });
});

describe('an interval as a service', () => {
  it('takes turns that never overlap, and ends between two of them', async () => {
    const { clock, keeper } = start();
    let turns = 0;
    let finish = () => {};
    const service = keeper.service(
      'sweep',
      intervalService({
        everyMs: 1_000,
        run: () => {
          turns += 1;
          return turns === 2 ? new Promise<void>((resolve) => (finish = resolve)) : undefined;
        },
      }),
    );
    keeper.start();
    await clock.advance(10_000);
    expect([turns, service.state]).toEqual([2, 'running']);
    finish();
    await clock.advance(1_000);
    expect(turns).toBe(3);
    const drained = keeper.drain();
    await clock.advance(0);
    expect((await drained).services).toMatchObject({ total: 1, stopped: 1 });
  });
});

describe('a consumer as a service', () => {
  it('takes no more work in a drain, and is stopped once nothing is in flight', async () => {
    const { clock, keeper } = start();
    const log: string[] = [];
    let running = 2;
    const consumer = consumerService({
      resume: () => log.push('resume'),
      pause: () => log.push('pause'),
      inFlight: () => running,
    });
    keeper.service('jobs', consumer, { quiesceMs: 20_000 });
    keeper.start();
    await clock.advance(0);
    const drained = keeper.drain();
    await clock.advance(1_000);
    expect([log, keeper.serviceOf('jobs')?.state]).toEqual([['resume', 'pause'], 'quiescing']);
    running = 0;
    await clock.advance(100);
    expect((await drained).durationMs).toBeLessThan(1_200);
  });
});

describe('an XState actor as a service', () => {
  /** A boat that is afloat once the test says so. */
  function boat() {
    let open = () => {};
    const machine = setup({
      actors: { opened: fromPromise(() => new Promise<void>((resolve) => (open = resolve))) },
    }).createMachine({
      initial: 'opening',
      states: { opening: { invoke: { src: 'opened', onDone: 'afloat' } }, afloat: {} },
    });
    return { machine, open: () => open() };
  }

  it('is ready and healthy as its snapshots say, and stopped with the service', async () => {
    const { clock, keeper } = start();
    const { machine, open } = boat();
    let health: 'healthy' | 'degraded' = 'healthy';
    const service = keeper.service(
      'boat',
      actorService(machine, { isReady: (snapshot) => snapshot.matches('afloat'), healthOf: () => health }),
    );
    keeper.start();
    await clock.advance(0);
    expect(service.state).toBe('starting');
    health = 'degraded';
    open();
    await service.ready;
    await clock.advance(0);
    expect(service.health).toBe('degraded');
    expect(await service.stop()).toMatchObject({ reason: 'stopped', unfinished: false });
  });

  it('refuses what is no logic', () => {
    expect(() => actorService({} as never)).toThrow(InvalidOptionError);
  });
});
