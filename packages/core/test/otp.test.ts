import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createActor, setup } from 'xstate';
import { createLeanActor, NotAdmittingError } from '../src/index.ts';
import { startWorkers } from './support/workers.ts';

const shutdown = { request: { type: 'request' }, shutdownMs: 2_000 };
const rows: string[] = [];

/** A row of the table "OTP and we" in the README, and its test. */
function row(name: string, test: () => Promise<void> | void): void {
  rows.push(name);
  it(name, test);
}

describe('OTP and we:', () => {
  row('restart type', async () => {
    const { clock, add, tell, outcomes, running } = startWorkers(['temporary'], {});
    add('permanent', { restart: 'permanent' });
    add('transient', { restart: 'transient' });
    for (const name of ['temporary', 'transient', 'permanent']) tell(name, 'end');
    await clock.advance(1_000);
    expect([outcomes, running()]).toEqual([['forgotten', 'forgotten', 'restarting'], ['permanent']]);
  });

  row('strategy', async () => {
    const { clock, add, tell, order, running } = startWorkers([], { strategy: 'rest_for_one', restart: 'permanent' });
    for (const name of ['a', 'b', 'c']) add(name);
    tell('b', 'crash');
    expect([order, running()]).toEqual([['b crashed', 'c'], ['a']]);
    await clock.advance(1_000);
    expect(running()).toEqual(['a', 'b', 'c']);
  });

  row('simple_one_for_one', () => {
    const { running } = startWorkers(['a', 'b', 'c']);
    expect(running()).toEqual(['a', 'b', 'c']);
  });

  row('siblings end in reverse order, each in its time', async () => {
    const { clock, add, tell, order, restarted } = startWorkers(['a', 'stubborn-b', 'c'], {
      strategy: 'one_for_all',
      restart: 'permanent',
      shutdown,
    });
    add('d');
    tell('a', 'crash');
    await clock.advance(1_999);
    // The back-off of 1 second is over, and one sibling still has time.
    expect([order, restarted]).toEqual([['a crashed', 'd', 'c'], []]);
    await clock.advance(1);
    expect(order).toEqual(['a crashed', 'd', 'c', 'stubborn-b']);
    expect(restarted).toEqual(['a', 'stubborn-b', 'c', 'd']);
  });

  row('a sibling that ends for a restart is not counted', async () => {
    const { clock, tell, outcomes, registry } = startWorkers(['a', 'b', 'c'], {
      strategy: 'one_for_all',
      restart: 'permanent',
      shutdown,
    });
    tell('b', 'crash');
    await clock.advance(1_000);
    expect([outcomes, registry.escalated, registry.size]).toEqual([['restarting', 'kept', 'kept'], false, 3]);
  });

  row('a temporary sibling is ended and not restarted', async () => {
    const { clock, add, tell, running, outcomes, registry } = startWorkers(['a'], {
      strategy: 'one_for_all',
      restart: 'permanent',
      shutdown,
    });
    add('b', { restart: 'temporary' });
    add('stubborn-c', { restart: 'temporary' });
    tell('a', 'crash');
    await clock.advance(2_000);
    expect([running(), registry.size, outcomes]).toEqual([['a'], 1, ['restarting', 'forgotten']]);
  });

  row('intensity and period', async () => {
    const { clock, tell, outcomes } = startWorkers(['a'], { restart: 'permanent' });
    tell('a', 'crash');
    await clock.advance(1_000);
    tell('a', 'crash');
    expect(outcomes).toEqual(['restarting', 'escalated']);
  });

  row('too many restarts', async () => {
    const { clock, tell, outcomes, registry, running } = startWorkers(['a', 'b'], {
      restart: 'permanent',
      limit: { intensity: 0, periodMs: 5_000 },
    });
    tell('a', 'crash');
    await clock.advance(60_000);
    expect([outcomes, registry.escalated, running()]).toEqual([['escalated'], true, ['b']]);
  });

  row('delay before a restart', async () => {
    const { clock, tell, restarted } = startWorkers(['a'], { restart: 'permanent' });
    tell('a', 'crash');
    await clock.advance(999);
    expect(restarted).toEqual([]);
    await clock.advance(1);
    expect(restarted).toEqual(['a']);
  });

  row('a failed start', async () => {
    let failures = 2;
    const { clock, tell, outcomes, restarted, running } = startWorkers(['a', 'b'], {
      restart: 'permanent',
      limit: { intensity: 3, periodMs: 5_000 },
      inputOnRestart: ({ id }) => {
        failures -= 1;
        if (failures >= 1) throw new Error('no input');
        return failures === 0 ? 'unstartable' : id;
      },
    });
    tell('a', 'crash');
    await clock.advance(1_000);
    expect([outcomes, restarted]).toEqual([['restarting', 'restarting'], []]);
    await clock.advance(2_000);
    expect([outcomes.length, restarted]).toEqual([3, []]);
    await clock.advance(4_000);
    expect([outcomes.length, restarted, running()]).toEqual([3, ['a'], ['a', 'b']]);
  });

  row('a failed start among siblings', async () => {
    let failing = 'b';
    const { clock, tell, outcomes, restarted, running, registry } = startWorkers(['a', 'b', 'c'], {
      restart: 'permanent',
      strategy: 'one_for_all',
      limit: { intensity: 2, periodMs: 5_000 },
      inputOnRestart: ({ id }) => (id === failing ? 'unstartable' : id),
    });
    tell('a', 'crash');
    await clock.advance(1_000);
    expect([outcomes, restarted, running()]).toEqual([['restarting', 'restarting'], ['a'], []]);
    failing = 'c';
    await clock.advance(2_000);
    expect([outcomes.at(-1), registry.get('c')]).toEqual(['escalated', undefined]);
    expect(running()).toEqual(['a', 'b']);
  });

  row('shutdown of the supervisor', async () => {
    const { clock, registry, add, order, outcomes, tell } = startWorkers(['a', 'b'], {
      restart: 'permanent',
      shutdown,
      limit: { intensity: 0, periodMs: 5_000 },
    });
    add('stubborn-c');
    const forced = registry.shutdown();
    tell('a', 'crash');
    await clock.advance(1_999);
    expect([order, outcomes]).toEqual([['a crashed'], ['forgotten']]);
    await clock.advance(1);
    expect([await forced, order, outcomes]).toEqual([
      ['stubborn-c'],
      ['a crashed', 'stubborn-c', 'b'],
      ['forgotten', 'forgotten'],
    ]);
    expect([registry.size, registry.escalated, clock.pending]).toEqual([0, false, 0]);
    expect(await registry.shutdown()).toEqual(['stubborn-c']);
    expect(() => add('late')).toThrow(NotAdmittingError);
  });

  row('shutdown while children restart', async () => {
    const { clock, registry, tell, restarted } = startWorkers(['a', 'stubborn-b', 'c'], {
      restart: 'permanent',
      strategy: 'one_for_all',
      shutdown,
    });
    tell('c', 'crash');
    const replaced: unknown[] = [];
    registry.get('c')?.whenReplaced((next) => replaced.push(next));
    const forced = registry.shutdown();
    expect(() => registry.add('late', 'late', registry.get('a')?.actor._parent as never)).toThrow(/is draining/);
    await clock.advance(2_000);
    await clock.advance(60_000);
    expect([await forced, restarted, replaced, clock.pending]).toEqual([['stubborn-b'], [], [undefined], 0]);
  });

  row('shutdown: brutal_kill, a time, infinity', async () => {
    const { clock, registry, add, order } = startWorkers(['killed']);
    const forever = { request: { type: 'request' }, shutdownMs: Number.POSITIVE_INFINITY };
    add('stubborn-patient', { shutdown: forever });
    add('stubborn-late', { shutdown });
    add('never started', { shutdown: forever });
    registry.add('not started', 'a', registry.get('killed')?.actor._parent as never, { shutdown: forever });
    const forced = registry.shutdown();
    await clock.advance(2_000);
    await clock.advance(2_000_000);
    expect(order).toEqual(['never started', 'stubborn-late']);
    registry.get('stubborn-patient')?.actor.send({ type: 'end' });
    expect([await forced, order.slice(2)]).toEqual([['stubborn-late'], ['stubborn-patient', 'killed']]);
  });

  row('the end of the parent', async () => {
    const ends = ['stop', 'done', 'crash'] as const;
    const makers = [createActor, createLeanActor] as const;
    for (const [create, end] of makers.flatMap((create) => ends.map((end) => [create, end] as const))) {
      const workers = startWorkers([], { restart: 'permanent' });
      const { clock, registry, add, tell, order } = workers;
      const parentLogic = setup({
        actions: {
          childEnded: ({ event }) => void registry.childEnded(event as never),
          crash: () => {
            throw new Error('the parent crashed');
          },
        },
      }).createMachine({
        on: { done: '.over', crash: { actions: 'crash' }, 'xstate.error.actor.*': { actions: 'childEnded' } },
        initial: 'up',
        states: { up: {}, over: { type: 'final' } },
      });
      const parent = create(parentLogic, { clock });
      const failures: unknown[] = [];
      parent.subscribe({ error: (error) => failures.push(error) });
      parent.start();
      for (const name of ['a', 'b', 'c']) {
        const child = registry.add(name, name, parent);
        child.actor.subscribe({ complete: () => order.push(name), error: () => {} });
        child.actor.start();
      }
      add('of another parent');
      tell('b', 'crash');
      if (end === 'stop') parent.stop();
      else parent.send({ type: end });
      await clock.advance(60_000);
      expect([end, order, registry.size, clock.pending]).toEqual([end, ['c', 'a'], 1, 0]);
      expect(failures).toHaveLength(end === 'crash' ? 1 : 0);
      expect(() => registry.add('late', 'late', parent)).toThrow(NotAdmittingError);
    }
  });

  row('terminate_child, restart_child', async () => {
    const { clock, registry, order, outcomes, restarted, running } = startWorkers(['a', 'stubborn-b'], {
      restart: 'permanent',
      shutdown,
    });
    const terminated = registry.terminateChild('stubborn-b');
    expect([registry.restartChild('stubborn-b'), registry.deleteChild('a')]).toEqual(['running', 'running']);
    await clock.advance(2_000);
    expect([await terminated, await registry.terminateChild('a'), await registry.terminateChild('x')]).toEqual([
      'ok',
      'ok',
      'not_found',
    ]);
    expect([order, outcomes, running(), registry.size]).toEqual([['stubborn-b', 'a'], ['kept'], [], 2]);
    await clock.advance(60_000);
    expect([registry.restartChild('a'), restarted, running()]).toEqual(['ok', ['a'], ['a']]);
    expect([registry.restartChild('a'), registry.restartChild('x')]).toEqual(['running', 'not_found']);
  });

  row('terminate_child of a child that waits for its restart', async () => {
    const { clock, registry, tell, restarted } = startWorkers(['a', 'b'], {
      restart: 'permanent',
      strategy: 'one_for_all',
    });
    tell('a', 'crash');
    expect([registry.restartChild('a'), registry.deleteChild('b')]).toEqual(['restarting', 'restarting']);
    await registry.terminateChild('a');
    await clock.advance(60_000);
    expect(restarted).toEqual(['b']);
    expect([registry.restartChild('a'), restarted, registry.escalated]).toEqual(['ok', ['b', 'a'], false]);
  });

  row('restart_child whose start fails', async () => {
    let broken = true;
    const { registry, outcomes } = startWorkers(['a'], {
      restart: 'permanent',
      inputOnRestart: ({ id }) => (broken ? 'unstartable' : id),
    });
    await registry.terminateChild('a');
    expect(() => registry.restartChild('a')).toThrow('cannot start');
    expect(outcomes).toEqual(['kept']);
    broken = false;
    expect(registry.restartChild('a')).toBe('ok');
  });

  row('a terminated child, when a sibling crashes', async () => {
    const { clock, registry, tell, restarted } = startWorkers(['a', 'b'], {
      restart: 'permanent',
      strategy: 'one_for_all',
    });
    await registry.terminateChild('b');
    tell('a', 'crash');
    await clock.advance(1_000);
    expect([restarted, registry.get('b')?.isTerminated]).toEqual([['a'], true]);
  });

  row('terminate_child of a temporary child', async () => {
    const { registry } = startWorkers(['a', 'b'], { shutdown });
    expect(await registry.terminateChild('a')).toBe('ok');
    expect([registry.size, registry.restartChild('a')]).toEqual([1, 'not_found']);
  });

  row('delete_child', async () => {
    const { registry } = startWorkers(['a'], { restart: 'transient' });
    await registry.terminateChild('a');
    expect([registry.deleteChild('a'), registry.deleteChild('a'), registry.size]).toEqual(['ok', 'not_found', 0]);
  });

  row('a transient child that ended well', () => {
    const { registry, tell } = startWorkers(['a'], { restart: 'transient' });
    tell('a', 'end');
    expect([registry.size, registry.restartChild('a')]).toEqual([0, 'not_found']);
  });

  row('auto_shutdown: any_significant', async () => {
    const { registry, add, tell, outcomes, running } = startWorkers(['a'], {
      restart: 'transient',
      autoShutdown: 'any_significant',
      shutdown,
    });
    add('b', { significant: true });
    add('c', { significant: true });
    await registry.terminateChild('b');
    expect(running()).toEqual(['a', 'c']);
    tell('a', 'end');
    add('d');
    tell('c', 'end');
    await registry.shutdown();
    expect([outcomes, registry.size]).toEqual([['kept', 'forgotten', 'shutdown', 'forgotten'], 0]);
  });

  row('auto_shutdown: all_significant', async () => {
    const { registry, add, tell, outcomes, running } = startWorkers(['a'], {
      restart: 'transient',
      autoShutdown: 'all_significant',
    });
    for (const name of ['b', 'c', 'd']) add(name, { significant: true });
    tell('b', 'end');
    await registry.terminateChild('d');
    expect([outcomes, running()]).toEqual([['forgotten'], ['a', 'c']]);
    tell('c', 'end');
    expect(await registry.shutdown()).toEqual([]);
    expect([outcomes.at(-1), registry.size]).toEqual(['shutdown', 0]);
  });

  row('bad_combination', () => {
    const { add } = startWorkers([], { restart: 'permanent', autoShutdown: 'any_significant' });
    expect(() => add('a', { significant: true })).toThrow('`child.significant` to be false for a permanent child');
    const never = startWorkers([], { restart: 'transient' });
    expect(() => never.add('a', { significant: true })).toThrow("autoShutdown is 'never'");
  });

  row('two children with one id', () => {
    const { registry, add } = startWorkers(['a']);
    const old = registry.get('a');
    const next = add('a');
    expect([registry.size, registry.get('a') === next, old === next]).toEqual([2, true, false]);
  });

  row('which_children, count_children', async () => {
    const { registry, tell, add } = startWorkers(['a', 'b'], { restart: 'permanent' });
    add('c');
    tell('a', 'crash');
    await registry.terminateChild('b');
    const states = [...registry].map(({ id, isRestarting, isTerminated }) => [id, isRestarting, isTerminated]);
    expect(states).toEqual([
      ['a', true, false],
      ['b', false, true],
      ['c', false, false],
    ]);
    expect(registry.size).toBe(3);
  });

  it('the table in the README has a row for each of these tests, with a word on what differs', () => {
    const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const table = page.slice(page.indexOf('## OTP and we'), page.indexOf('## Limits and defaults'));
    const cells = [...table.matchAll(/^\| ([^|]+?) +\|([^|]+)\|([^|]+)\|$/gm)].map(([, first, ...rest]) => [
      first,
      ...rest,
    ]);
    const listed = cells.slice(1).filter(([first]) => !/^-+$/.test(first ?? ''));
    expect(listed.map(([first]) => first?.replaceAll('`', ''))).toEqual(rows);
    for (const [first, , ours] of listed) expect(ours?.trim(), first).not.toBe('');
  });
});
