import { type Clock, defineProbe, type Probe, type Verdict } from '@watchkeeper/core';
import { objectWith, optional, positiveCount, positiveMs, ratio, text } from '@watchkeeper/core/options';
import { redaction } from './check/redaction.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import type { EjectionCap } from './passive/ejectionCap.ts';
import { outcomeWindow } from './passive/outcomeWindow.ts';

export interface PassiveProbeOptions {
  /** How far back outcomes count, in milliseconds. @default 30000 */
  readonly windowMs?: number;
  /** Fewer outcomes than this within the window prove nothing, and pass (INV-12). @default 10 */
  readonly minOutcomes?: number;
  /** Fail above this part of failures. @default 0.5 */
  readonly failRatio?: number;
  /** Warn above this part of failures. @default 0.1 */
  readonly warnRatio?: number;
  /** Fail after this many failures without a success between, however few there were in all. @default 5 */
  readonly consecutiveFailures?: number;
  /** Bounds how many probes of one pool may fail together; beyond it, a failing one warns. */
  readonly cap?: EjectionCap;
  /** @default 'passive' */
  readonly name?: string;
  /** Tells the time. @default the system's */
  readonly clock?: Pick<Clock, 'now'>;
}

/** A probe that judges a target by the outcomes of live traffic. */
export interface PassiveProbe extends Probe {
  succeeded(): void;
  /** @param reason shown in the verdict, redacted. */
  failed(reason?: string): void;
  /** Takes the probe out of its pool's cap. */
  leave(): void;
}

type Settings = Resolved<
  PassiveProbeOptions,
  'windowMs' | 'minOutcomes' | 'failRatio' | 'warnRatio' | 'consecutiveFailures' | 'name' | 'clock'
>;

const rules = {
  windowMs: positiveMs,
  minOutcomes: positiveCount,
  failRatio: ratio,
  warnRatio: ratio,
  consecutiveFailures: positiveCount,
  cap: optional(objectWith<EjectionCap>('join', 'leave', 'eject', 'readmit')),
  name: text,
  clock: objectWith<Pick<Clock, 'now'>>('now'),
};

/**
 * Judges a target by the outcomes of real requests, as a circuit breaker does.
 *
 * A target that gets no traffic any more, because it was taken out, comes back when its window has emptied.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { ejectionCap, passiveProbe } from '@watchkeeper/probes';
 *
 * const cap = ejectionCap({ maxEjectedRatio: 0.3 });
 * export const backends = ['a', 'b', 'c'].map((name) => passiveProbe({ name, cap }));
 * backends[0]?.failed('503 Service Unavailable');
 * ```
 */
export function passiveProbe(options: PassiveProbeOptions = {}): PassiveProbe {
  const defaults = {
    windowMs: 30_000,
    minOutcomes: 10,
    failRatio: 0.5,
    warnRatio: 0.1,
    consecutiveFailures: 5,
    name: 'passive',
    clock: Date,
  };
  const settings = resolveProbeOptions<Settings>('passiveProbe', rules, defaults, options);
  const { cap, clock } = settings;
  const window = outcomeWindow(settings.windowMs);
  const redact = redaction();
  let streak = 0;
  let reason = '';

  const judge = (): Verdict => {
    const seen = window.count(clock.now());
    // A streak is forgotten with the last outcome that made it.
    if (seen.total === 0) streak = 0;
    const verdict = judgeOutcomes(seen.total, seen.failures, streak, settings);
    const detail = verdict.status !== 'pass' && reason !== '' ? `${verdict.detail}; last: ${reason}` : verdict.detail;
    const told = detail === undefined ? verdict : { ...verdict, detail: redact(detail) };
    if (told.status !== 'fail') cap?.readmit(probe);
    else if (cap && !cap.eject(probe)) return { ...told, status: 'warn', detail: `${told.detail} (kept by the cap)` };
    return told;
  };
  const probe = defineProbe(settings.name, async () => judge());
  cap?.join(probe);
  return Object.assign(probe, {
    succeeded(): void {
      streak = 0;
      window.record(clock.now(), true);
    },
    failed(why = ''): void {
      streak += 1;
      reason = why;
      window.record(clock.now(), false);
    },
    leave: (): void => cap?.leave(probe),
  });
}

function judgeOutcomes(total: number, failures: number, streak: number, settings: Settings): Verdict {
  const measured = { outcomes: total, failures };
  if (streak >= settings.consecutiveFailures) {
    return { status: 'fail', detail: `${streak} failures in a row`, measured };
  }
  if (total < settings.minOutcomes) return { status: 'pass', detail: `${total} outcomes, too few to judge`, measured };
  const detail = `${failures} of ${total} failed`;
  if (failures / total > settings.failRatio) return { status: 'fail', detail, measured };
  if (failures / total > settings.warnRatio) return { status: 'warn', detail, measured };
  return { status: 'pass', measured };
}

export { type EjectionCap, type EjectionCapOptions, ejectionCap } from './passive/ejectionCap.ts';
