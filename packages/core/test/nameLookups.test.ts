import { describe, expect, it } from 'vitest';
import { heldUpBy, NameLookups, noteHeldUp } from '../src/adapters/index.ts';
import { defineProbe } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

/** Look-ups that return when they are told to. */
function lookups(limit = 2) {
  const pool = new NameLookups(limit);
  const started: string[] = [];
  const returns = new Map<string, (found: string | Error) => void>();
  const ask = (key: string, signal = new AbortController().signal) =>
    pool.ask(
      key,
      () => {
        started.push(key);
        return new Promise<string>((resolve, reject) =>
          returns.set(key, (found) => (found instanceof Error ? reject(found) : resolve(found))),
        );
      },
      signal,
    );
  return { pool, started, ask, end: (key: string, found: string | Error = key) => returns.get(key)?.(found) };
}

/** Asks with a signal of its own, which `abort` aborts; a rejection is expected. */
function abortable({ ask }: ReturnType<typeof lookups>, key: string) {
  const controller = new AbortController();
  const outcome = ask(key, controller.signal).then(String, (error: unknown) => `rejected: ${error}`);
  return { outcome, signal: controller.signal, abort: () => controller.abort('late') };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('NameLookups', () => {
  it('run so many at once, and the next when one returns', async () => {
    const { pool, started, ask, end } = lookups();
    const found = ['a', 'b', 'c', 'd'].map((key) => ask(key));
    expect(started).toEqual(['a', 'b']);
    end('b');
    await found[1];
    expect(started).toEqual(['a', 'b', 'c']);
    end('a');
    end('c');
    await turn();
    end('d');
    expect(await Promise.all(found)).toEqual(['a', 'b', 'c', 'd']);
    expect(pool.running).toBe(0);
  });

  it('share one look-up of one key, its failure too', async () => {
    const { started, ask, end } = lookups();
    const found = [ask('a'), ask('a')];
    end('a');
    expect(await Promise.all(found)).toEqual(['a', 'a']);
    const failed = [ask('a'), ask('a')].map((one) => one.catch((error: Error) => error.message));
    end('a', new Error('no such name'));
    expect(await Promise.all(failed)).toEqual(['no such name', 'no such name']);
    expect(started).toEqual(['a', 'a']);
  });

  it('count one that was abandoned until it returns, and who asks again joins it', async () => {
    const all = lookups();
    const first = abortable(all, 'a');
    first.abort();
    expect(await first.outcome).toBe('rejected: late');
    expect(all.pool.running).toBe(1);
    const again = all.ask('a');
    expect(all.started).toEqual(['a']);
    all.end('a');
    expect(await again).toBe('a');
    expect(all.pool.running).toBe(0);
  });

  it('never start one that was abandoned before its turn', async () => {
    const all = lookups();
    const held = [all.ask('a'), all.ask('b')];
    const third = abortable(all, 'c');
    third.abort();
    expect(await third.outcome).toBe('rejected: late');
    all.end('a');
    all.end('b');
    await Promise.all(held);
    expect(all.started).toEqual(['a', 'b']);
    const aborted = new AbortController();
    aborted.abort('before');
    await expect(all.ask('d', aborted.signal)).rejects.toBe('before');
    expect(all.started).toEqual(['a', 'b']);
  });

  it('say of a check that waits for its turn that it is held up, and only of that', async () => {
    const all = lookups();
    const [first, , third] = ['a', 'b', 'c'].map((key) => abortable(all, key));
    expect(heldUpBy(first?.signal as AbortSignal)).toBeUndefined();
    expect(heldUpBy(third?.signal as AbortSignal)).toBe('name look-ups of other checks hold all threads');
    all.end('a');
    await first?.outcome;
    expect(heldUpBy(third?.signal as AbortSignal)).toBeUndefined();
  });

  it('keep a place free from names that did not return in time, once they are known', async () => {
    const all = lookups();
    for (const name of ['slow', 'slower']) abortable(all, name).abort();
    const good = abortable(all, 'good');
    good.abort();
    expect(all.started).toEqual(['slow', 'slower']);
    all.end('slow');
    all.end('slower');
    await turn();
    for (const name of ['slow', 'slower']) abortable(all, name).abort();
    const found = all.ask('good');
    expect(all.started.slice(2)).toEqual(['slow', 'good']);
    all.end('good');
    expect(await found).toBe('good');
    // One that returns to somebody who still waits is as good as any other.
    const patient = all.ask('slow');
    all.end('slow');
    expect(await patient).toBe('slow');
    const two = [all.ask('slow'), all.ask('other')];
    expect(all.started.slice(4)).toEqual(['slow', 'other']);
    all.end('slow');
    all.end('other');
    await Promise.all(two);
  });
});

describe('a check whose time is up', () => {
  it('is undecided where something held it up, and a failure where nothing did', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    let reason: string | undefined = 'others hold all threads';
    const probe = defineProbe('held', (signal) => {
      noteHeldUp(signal, reason);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const monitor = keeper.monitor('api', probe, { intervalMs: 1_000, timeoutMs: 200, jitter: 0 });
    keeper.start();
    await clock.advance(2_300);
    expect(monitor.health).toBe('starting');
    const discarded = of('verdict.discarded');
    expect(discarded.length).toBeGreaterThan(1);
    for (const one of discarded) {
      expect(one).toMatchObject({ id: 'api', reason: 'undecided', detail: 'others hold all threads', tookMs: 200 });
    }
    reason = undefined;
    await clock.advance(1_000);
    expect(monitor.status).toMatchObject({ health: 'unhealthy', detail: 'no answer within 200 ms' });
  });
});
