import { type Clock, defineProbe, InvalidOptionError, isVerdict, type Probe, type Verdict } from '@watchkeeper/core';
import { durationMs, objectWith, optional, positiveMs, type Rule, text } from '@watchkeeper/core/options';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';

export interface PushProbeOptions {
  /** How long one beat counts, in milliseconds. */
  readonly ttlMs: number;
  /** How much later than that a beat may come before the probe fails, in milliseconds; meanwhile it warns. @default 0 */
  readonly graceMs?: number;
  /** When the last beat came, in epoch milliseconds, if that is known from before a restart. */
  readonly lastBeatAt?: number;
  /** @default 'push' */
  readonly name?: string;
  /** Tells the time. @default the system's */
  readonly clock?: Pick<Clock, 'now'>;
}

/** A probe that receives heartbeats of its target, and fails where they stay out. */
export interface PushProbe extends Probe {
  /** Takes one heartbeat; a verdict other than `pass` stands until the next beat. */
  beat(verdict?: Verdict): void;
  /** When the last beat came, in epoch milliseconds; undefined before the first. */
  readonly lastBeatAt: number | undefined;
}

type Settings = Resolved<PushProbeOptions, 'ttlMs' | 'graceMs' | 'name' | 'clock'>;

const epochMs: Rule<number> = {
  is: 'a time in epoch milliseconds',
  accepts: (value): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0,
};

const rules = {
  ttlMs: positiveMs,
  graceMs: durationMs,
  lastBeatAt: optional(epochMs),
  name: text,
  clock: objectWith<Pick<Clock, 'now'>>('now'),
};

/**
 * Makes a heartbeat a probe: it passes while beats come, warns while one is late, and fails after that.
 *
 * Before the first beat the time runs from the making of the probe, so a target gets one whole period to
 * report. Keep {@link PushProbe.lastBeatAt} over a restart to go on where you were.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { pushProbe } from '@watchkeeper/probes/push';
 *
 * export const nightlyJob = pushProbe({ ttlMs: 24 * 3_600_000, graceMs: 3_600_000 });
 * nightlyJob.beat();
 * ```
 */
export function pushProbe(options: PushProbeOptions): PushProbe {
  const defaults = { graceMs: 0, name: 'push', clock: Date };
  const settings = resolveProbeOptions<Settings>('pushProbe', rules, defaults, options);
  const { ttlMs, graceMs, clock } = settings;
  const madeAt = clock.now();
  let { lastBeatAt } = settings;
  let said: Verdict = { status: 'pass' };

  const judge = (): Verdict => {
    const silentMs = Math.max(0, clock.now() - (lastBeatAt ?? madeAt));
    const measured = { silentMs };
    if (silentMs > ttlMs + graceMs) {
      return {
        status: 'fail',
        detail: lastBeatAt === undefined ? 'no heartbeat came' : overdue(silentMs, ttlMs),
        byTime: true,
        measured,
      };
    }
    if (said.status === 'fail') return { ...said, measured: { ...said.measured, ...measured } };
    if (silentMs > ttlMs) return { status: 'warn', detail: overdue(silentMs, ttlMs), byTime: true, measured };
    if (lastBeatAt === undefined) return { status: 'warn', detail: 'waiting for the first heartbeat', measured };
    return { ...said, measured: { ...said.measured, ...measured } };
  };
  const probe = defineProbe(settings.name, async () => judge());
  const beat = (verdict: Verdict = { status: 'pass' }): void => {
    if (!isVerdict(verdict)) throw new InvalidOptionError('beat.verdict', 'a verdict', verdict);
    lastBeatAt = clock.now();
    said = verdict;
  };
  return Object.defineProperty(Object.assign(probe, { beat }), 'lastBeatAt', { get: () => lastBeatAt }) as PushProbe;
}

function overdue(silentMs: number, ttlMs: number): string {
  return `last heartbeat ${Math.round(silentMs / 1000)} s ago, expected every ${ttlMs / 1000} s`;
}
