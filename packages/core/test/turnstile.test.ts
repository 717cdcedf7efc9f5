import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Turnstile } from '../src/monitor/checkLimiter.ts';

const hosts = ['a', 'b', 'c'] as const;
const ids = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
const hostOf = (id: string): string => hosts[Number(id) % hosts.length] ?? '';

/** A turnstile with a record of who was let through, in order. */
function turnstile(maxChecks: number, maxChecksPerHost: number) {
  const given: string[] = [];
  const turns = new Turnstile({ maxChecks, maxChecksPerHost });
  const ask = (...all: string[]) => {
    for (const id of all) turns.ask({ id, host: hostOf(id), give: () => given.push(id) });
  };
  return { turns, given, ask };
}

describe('the turnstile', () => {
  it('keeps to its limits, leaves no turn unused, and serves a host in order, after any history (INV-47)', () => {
    const act = fc.record({ id: fc.constantFrom(...ids), act: fc.constantFrom('ask', 'leave') });
    const limit = fc.nat(4);
    fc.assert(
      fc.property(limit, limit, fc.array(act, { maxLength: 80 }), (maxChecks, maxChecksPerHost, history) => {
        const { turns, given, ask } = turnstile(maxChecks, maxChecksPerHost);
        const running = new Set<string>();
        let lines: string[] = [];
        let seen = 0;
        for (const { id, act } of history) {
          running.delete(id);
          lines = lines.filter((waiting) => waiting !== id);
          if (act === 'ask') {
            lines.push(id);
            ask(id);
          } else turns.leave(id);
          for (; seen < given.length; seen++) {
            const next = given[seen] ?? '';
            expect(lines.find((waiting) => hostOf(waiting) === hostOf(next))).toBe(next);
            lines = lines.filter((waiting) => waiting !== next);
            running.add(next);
          }
          const at = (host: string) => [...running].filter((each) => hostOf(each) === host).length;
          const room = (host: string) => maxChecksPerHost === 0 || at(host) < maxChecksPerHost;
          expect([turns.underWay, turns.queued]).toEqual([running.size, lines.length]);
          if (maxChecks > 0) expect(running.size).toBeLessThanOrEqual(maxChecks);
          for (const host of hosts) if (maxChecksPerHost > 0) expect(at(host)).toBeLessThanOrEqual(maxChecksPerHost);
          if (maxChecks === 0 || running.size < maxChecks) {
            expect(lines.filter((waiting) => room(hostOf(waiting)))).toEqual([]);
          }
        }
      }),
    );
  });

  it('lets hosts take turns, however long the line of one of them', () => {
    const { turns, given, ask } = turnstile(1, 0);
    ask('3', '6', '9', '1', '4', '2');
    for (let round = 0; round < 5; round++) turns.leave(given.at(-1) ?? '');
    expect(given).toEqual(['3', '6', '1', '2', '9', '4']);
  });
});
