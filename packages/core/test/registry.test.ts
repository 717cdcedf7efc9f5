import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDefaults, backoffMs, decideRestart } from '../src/index.ts';
import { shouldRestart } from '../src/registry/restartPolicy.ts';
import { startWorkers } from './support/workers.ts';

describe('a registry', () => {
  it('finds children by id, forgets the ended, and keeps the order of the rest', () => {
    const { registry, tell, running, outcomes } = startWorkers(['a', 'b', 'c']);
    tell('b', 'end');
    expect([registry.size, registry.get('b'), running(), outcomes]).toEqual([2, undefined, ['a', 'c'], ['forgotten']]);
  });

  it('keeps a crash to the child that crashed (INV-52)', () => {
    const { registry, parent, tell, running } = startWorkers(['a', 'b']);
    tell('a', 'crash');
    expect([running(), registry.size, parent.getSnapshot().status]).toEqual([['b'], 1, 'active']);
  });

  it('does not touch a newer child when an older one of its id ends (INV-6)', () => {
    const { registry, parent, running } = startWorkers(['a']);
    const old = registry.get('a');
    registry.add('a', 'a', parent).actor.start();
    old?.actor.send({ type: 'end' });
    expect([registry.size, running(), registry.get('a') === old]).toEqual([1, ['a'], false]);
  });

  it.each([
    ['permanent', 'end', 'restarting'],
    ['permanent', 'crash', 'restarting'],
    ['transient', 'end', 'forgotten'],
    ['transient', 'crash', 'restarting'],
    ['temporary', 'end', 'forgotten'],
    ['temporary', 'crash', 'forgotten'],
  ] as const)('a %s child that was told to %s is %s', async (restart, how, outcome) => {
    const { clock, tell, outcomes, restarted, running } = startWorkers(['a'], { restart });
    tell('a', how);
    expect(outcomes).toEqual([outcome]);
    expect(shouldRestart(restart, how === 'end' ? 'done' : 'failed')).toBe(outcome === 'restarting');
    await clock.advance(backoffDefaults.minMs);
    expect([restarted, running(), clock.pending]).toEqual(outcome === 'restarting' ? [['a'], ['a'], 0] : [[], [], 0]);
  });

  it.each([
    ['one_for_one', ['b']],
    ['one_for_all', ['a', 'b', 'c', 'd']],
    ['rest_for_one', ['b', 'c', 'd']],
  ] as const)('under %s starts %o again after b crashed, in their order', async (strategy, again) => {
    const { clock, registry, tell, restarted, running } = startWorkers(['a', 'b', 'c', 'd'], {
      restart: 'permanent',
      strategy,
    });
    const before = new Map([...registry].map(({ id, actor }) => [id, actor]));
    tell('b', 'crash');
    expect(running()).toEqual(['a', 'b', 'c', 'd'].filter((id) => !(again as readonly string[]).includes(id)));
    await clock.advance(backoffDefaults.minMs);
    expect([restarted, running()]).toEqual([again, ['a', 'b', 'c', 'd']]);
    for (const { id, actor } of registry) {
      expect(actor === before.get(id)).toBe(!(again as readonly string[]).includes(id));
      expect(actor.getSnapshot().status).toBe('active');
    }
  });

  it('gives up before the restart that would be too many, and says so', async () => {
    const { clock, registry, tell, outcomes, restarted } = startWorkers(['a', 'b'], {
      restart: 'permanent',
      limit: { intensity: 2, periodMs: 10_000 },
    });
    for (let crash = 0; crash < 3; crash++) {
      tell('a', 'crash');
      await clock.advance(3_000);
    }
    expect(outcomes).toEqual(['restarting', 'restarting', 'escalated']);
    expect([restarted.length, registry.escalated, registry.get('a'), registry.size]).toEqual([2, true, undefined, 1]);
  });

  it('forgets restarts older than the period, in which waits do not count', async () => {
    const { clock, tell, outcomes } = startWorkers(['a'], {
      restart: 'permanent',
      limit: { intensity: 1, periodMs: 5_000 },
    });
    for (const runsMs of [5_001, 5_001, 5_000, 0]) {
      tell('a', 'crash');
      await clock.advance(backoffDefaults.minMs + runsMs);
    }
    expect(outcomes).toEqual(['restarting', 'restarting', 'restarting', 'escalated']);
  });

  it('gives up on a child that crashes whenever it runs, though its back-off is longer than the period', async () => {
    const { clock, tell, outcomes, restarted } = startWorkers(['a'], {
      restart: 'permanent',
      limit: { intensity: 3, periodMs: 5_000 },
      backoff: { minMs: 6_000, maxMs: 60_000, factor: 2, jitter: 0 },
    });
    for (const waitMs of [6_000, 12_000, 24_000, 48_000]) {
      tell('a', 'crash');
      await clock.advance(waitMs);
    }
    expect([outcomes, restarted.length]).toEqual([['restarting', 'restarting', 'restarting', 'escalated'], 3]);
  });

  it('waits longer after each crash, and less again once the child ran well (INV-56)', async () => {
    const { clock, tell, restarted } = startWorkers(['a'], {
      restart: 'permanent',
      limit: { intensity: 99, periodMs: 60_000 },
    });
    const waits: number[] = [];
    const crash = async () => {
      tell('a', 'crash');
      const { length } = restarted;
      const crashedAt = clock.now();
      while (restarted.length === length) await clock.advance(500);
      waits.push(clock.now() - crashedAt);
    };
    for (let turn = 0; turn < 6; turn++) await crash();
    await clock.advance(60_001);
    await crash();
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 1_000]);
  });

  it('leaves no restart behind when a waiting child is forgotten, and still restarts its siblings', async () => {
    const { clock, registry, tell, running } = startWorkers(['a', 'b'], {
      restart: 'permanent',
      strategy: 'one_for_all',
    });
    tell('a', 'crash');
    const waiting = registry.get('a');
    if (waiting !== undefined) registry.forget(waiting);
    await clock.advance(backoffDefaults.minMs);
    expect([running(), clock.pending]).toEqual([['b'], 0]);
  });

  it('shuts down in reverse order, each awaited, and forces the stubborn', async () => {
    const { clock, registry, parent } = startWorkers(['a', 'stubborn-b', 'c']);
    const order: string[] = [];
    for (const { id, actor } of registry) actor.subscribe({ complete: () => order.push(id) });
    const forced = registry.shutdown({ request: { type: 'request' }, shutdownMs: 2_000 });
    await clock.advance(1_999);
    expect(order).toEqual(['c']);
    await clock.advance(1);
    expect([await forced, order]).toEqual([['stubborn-b'], ['c', 'stubborn-b', 'a']]);
    expect([registry.size, clock.pending, parent.getSnapshot().status]).toEqual([0, 0, 'active']);
  });
});

describe('the restart limit', () => {
  it('never allows more than the intensity within any period', () => {
    const gaps = fc.array(fc.nat(400), { maxLength: 60 });
    fc.assert(
      fc.property(
        gaps,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 1_000 }),
        (between, intensity, periodMs) => {
          let now = 0;
          let restarts: readonly number[] = [];
          const allowedAt: number[] = [];
          for (const gap of between) {
            now += gap;
            const decision = decideRestart(restarts, now, { intensity, periodMs });
            restarts = decision.restarts;
            const inPeriod = allowedAt.filter((at) => now - at <= periodMs).length;
            expect(decision.allowed).toBe(inPeriod < intensity);
            if (decision.allowed) allowedAt.push(now);
          }
        },
      ),
    );
  });
});

describe('the backoff', () => {
  it('is 1, 2, 4, 8, 10, 10 seconds, ±10 % (INV-56)', () => {
    const waits = (draw: number) =>
      [1, 2, 3, 4, 5, 6].map((attempt) => Math.round(backoffMs(backoffDefaults, attempt, draw)));
    expect(waits(0.5)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    expect(waits(0)).toEqual([900, 1_800, 3_600, 7_200, 9_000, 9_000]);
    expect(backoffMs(backoffDefaults, 1_000, 0.5)).toBe(10_000);
  });
});
