import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeWindow } from '../src/passive/outcomeWindow.ts';
import { ejectionCap, type PassiveProbeOptions, passiveProbe } from '../src/passive.ts';
import { deadline } from './support/waiting.ts';

function observed(options: PassiveProbeOptions = {}) {
  const clock = { at: 1_000_000, now: () => clock.at };
  const probe = passiveProbe({ clock, windowMs: 10_000, ...options });
  const meet = (outcomes: string): void => {
    for (const outcome of outcomes) outcome === '+' ? probe.succeeded() : probe.failed(`outcome ${outcome}`);
  };
  return { clock, probe, meet, ask: () => probe(deadline()) };
}

describe('passiveProbe', () => {
  it('passes while there is too little traffic to judge (INV-12)', async () => {
    const { meet, ask } = observed();
    expect(await ask()).toEqual({
      status: 'pass',
      detail: '0 outcomes, too few to judge',
      measured: { outcomes: 0, failures: 0 },
    });
    meet('-+--+---');
    expect(await ask()).toMatchObject({ status: 'pass' });
  });

  it('warns and fails by the part of failures', async () => {
    const { meet, ask } = observed();
    meet('+++++++++-');
    expect(await ask()).toMatchObject({ status: 'pass' });
    meet('-');
    expect(await ask()).toMatchObject({ status: 'warn', detail: '2 of 11 failed; last: outcome -' });
    meet('-+---+----');
    expect(await ask()).toMatchObject({ status: 'warn', detail: '10 of 21 failed; last: outcome -' });
    meet('+---');
    expect(await ask()).toMatchObject({ status: 'fail', detail: '13 of 25 failed; last: outcome -' });
  });

  it('fails after failures in a row, and a success ends the row', async () => {
    const { meet, ask } = observed();
    meet('-----');
    expect(await ask()).toMatchObject({ status: 'fail', detail: '5 failures in a row; last: outcome -' });
    meet('+');
    expect(await ask()).toMatchObject({ status: 'pass' });
  });

  it('comes back when the window has emptied', async () => {
    const { clock, meet, ask } = observed();
    meet('-----');
    clock.at += 8_000;
    expect(await ask()).toMatchObject({ status: 'fail' });
    clock.at += 2_001;
    expect(await ask()).toMatchObject({ status: 'pass' });
    meet('-');
    expect(await ask()).toMatchObject({ status: 'pass' });
  });

  it('fails no more of a pool than its cap allows, and makes room when one recovers', async () => {
    const cap = ejectionCap({ maxEjectedRatio: 0.5 });
    const pool = Array.from({ length: 4 }, () => observed({ cap }));
    for (const one of pool) one.meet('-----');
    const statuses = async () => (await Promise.all(pool.map((one) => one.ask()))).map(({ status }) => status);
    expect(await statuses()).toEqual(['fail', 'fail', 'warn', 'warn']);
    expect(cap).toMatchObject({ members: 4, ejected: 2, refused: 2 });
    pool[0]?.meet('+');
    expect(await statuses()).toEqual(['pass', 'fail', 'fail', 'warn']);
    pool[1]?.probe.leave();
    expect(cap).toMatchObject({ members: 3, ejected: 1 });
  });

  it('lets one member of a small pool fail', async () => {
    const cap = ejectionCap({ maxEjectedRatio: 0.1 });
    const alone = observed({ cap });
    alone.meet('-----');
    expect(await alone.ask()).toMatchObject({ status: 'fail' });
  });

  it('shows no credentials in a reason', async () => {
    const { probe, ask } = observed({ consecutiveFailures: 1 });
    probe.failed('GET http://me:hunter2@host/ failed');
    expect(await ask()).toMatchObject({ detail: expect.not.stringContaining('hunter2') });
  });

  it('counts outcomes as an unbounded list would, to one slot of its window', () => {
    const step = fc.record({ afterMs: fc.integer({ min: 0, max: 3_000 }), success: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const window = outcomeWindow(10_000);
        const all: { at: number; success: boolean }[] = [];
        let now = 1_000_000;
        for (const { afterMs, success } of steps) {
          now += afterMs;
          window.record(now, success);
          all.push({ at: now, success });
        }
        const since = (ms: number) => all.filter(({ at }) => at > now - ms).length;
        const { total, failures } = window.count(now);
        expect(total).toBeGreaterThanOrEqual(since(9_000));
        expect(total).toBeLessThanOrEqual(since(10_001));
        expect(failures).toBeLessThanOrEqual(total);
      }),
    );
  });

  it('refuses bad options', () => {
    expect(() => passiveProbe({ failRatio: 2 })).toThrow(expect.objectContaining({ option: 'passiveProbe.failRatio' }));
    expect(() => passiveProbe({ cap: {} as never })).toThrow(expect.objectContaining({ option: 'passiveProbe.cap' }));
    expect(() => ejectionCap({ maxEjectedRatio: -1 })).toThrow(
      expect.objectContaining({ option: 'ejectionCap.maxEjectedRatio' }),
    );
  });
});
