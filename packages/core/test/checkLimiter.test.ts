import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckLimiter } from '../src/monitor/checkLimiter.ts';

const hosts = ['a', 'b', 'c'] as const;
const ids = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
const hostOf = (id: string): string => hosts[Number(id) % hosts.length] ?? '';

/** A limiter with a record of the checks it started, in order. */
function recordedLimiter(maxChecks: number, maxChecksPerHost: number) {
  const started: string[] = [];
  const limiter = new CheckLimiter({ maxChecks, maxChecksPerHost });
  const acquire = (...all: string[]) => {
    for (const id of all) limiter.acquire({ id, host: hostOf(id), start: () => started.push(id) });
  };
  return { limiter, started, acquire };
}

describe('CheckLimiter', () => {
  it('keeps to its limits, leaves no permit unused, and serves each host in order, after any history (INV-47)', () => {
    const act = fc.record({ id: fc.constantFrom(...ids), act: fc.constantFrom('acquire', 'release') });
    const limit = fc.nat(4);
    fc.assert(
      fc.property(limit, limit, fc.array(act, { maxLength: 80 }), (maxChecks, maxChecksPerHost, history) => {
        const { limiter, started, acquire } = recordedLimiter(maxChecks, maxChecksPerHost);
        const running = new Set<string>();
        let waiting: string[] = [];
        let seen = 0;
        for (const { id, act } of history) {
          running.delete(id);
          waiting = waiting.filter((each) => each !== id);
          if (act === 'acquire') {
            waiting.push(id);
            acquire(id);
          } else limiter.release(id);
          for (; seen < started.length; seen++) {
            const next = started[seen] ?? '';
            expect(waiting.find((each) => hostOf(each) === hostOf(next))).toBe(next);
            waiting = waiting.filter((each) => each !== next);
            running.add(next);
          }
          const at = (host: string) => [...running].filter((each) => hostOf(each) === host).length;
          const room = (host: string) => maxChecksPerHost === 0 || at(host) < maxChecksPerHost;
          expect([limiter.running, limiter.queued]).toEqual([running.size, waiting.length]);
          if (maxChecks > 0) expect(running.size).toBeLessThanOrEqual(maxChecks);
          for (const host of hosts) if (maxChecksPerHost > 0) expect(at(host)).toBeLessThanOrEqual(maxChecksPerHost);
          if (maxChecks === 0 || running.size < maxChecks) {
            expect(waiting.filter((each) => room(hostOf(each)))).toEqual([]);
          }
        }
      }),
    );
  });

  it('serves hosts in turn, however long the queue of one of them', () => {
    const { limiter, started, acquire } = recordedLimiter(1, 0);
    acquire('3', '6', '9', '1', '4', '2');
    for (let round = 0; round < 5; round++) limiter.release(started.at(-1) ?? '');
    expect(started).toEqual(['3', '6', '1', '2', '9', '4']);
  });
});
