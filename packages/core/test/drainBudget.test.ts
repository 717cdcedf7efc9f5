import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSupervisor, drainDefaults, InvalidOptionError, requireDrainBudget } from '../src/index.ts';

describe('the budget of a drain', () => {
  it.each([
    ['supervisor.drain.deadlineMs', 'at most what terminationGraceMs leaves (24999)', { terminationGraceMs: 26_999 }],
    ['supervisor.drain.deadlineMs', 'at most what terminationGraceMs leaves (24999)', { closeTimeoutMs: 5_001 }],
    [
      'supervisor.drain',
      'such that noticeMs + graceMs (29000) fit into what terminationGraceMs leaves (28000)',
      { drain: { noticeMs: 4_000, graceMs: 25_000, deadlineMs: 40_000 } },
    ],
    ['supervisor.terminationGraceMs', 'more than closeTimeoutMs (2000)', { terminationGraceMs: 2_000 }],
  ])('is checked when the supervisor is made: %s must be %s', (option, rule, given) => {
    const options = { terminationGraceMs: 30_000, ...given };
    expect(() => createSupervisor(options)).toThrow(
      expect.objectContaining({ constructor: InvalidOptionError, option, rule }),
    );
    expect(() => createSupervisor({ ...options, terminationGraceMs: 0 })).not.toThrow();
  });

  it('may be used to the millisecond', () => {
    expect(createSupervisor({ terminationGraceMs: 27_000 }).phase).toBe('idle');
  });

  it('refuses exactly those whose deadline and all else are more than there is', () => {
    const ms = fc.nat(60_000);
    fc.assert(
      fc.property(ms, ms, ms, ms, (deadlineMs, terminationGraceMs, preStopMs, finishMs) => {
        const drain = { ...drainDefaults, graceMs: 0, deadlineMs };
        const fits =
          deadlineMs + preStopMs + finishMs <= terminationGraceMs && preStopMs + finishMs < terminationGraceMs;
        const check = () =>
          requireDrainBudget('program', drain, { terminationGraceMs, spentMs: { preStopMs, finishMs } });
        if (fits) expect(check).not.toThrow();
        else expect(check).toThrow(InvalidOptionError);
      }),
    );
  });
});
