import { defineProbe, InvalidOptionError, type Probe, type Verdict } from '@watchkeeper/core';
import { codeOf } from '@watchkeeper/core/adapters';
import { callable, oneOf, optional, positiveMs, resolveOptions } from '@watchkeeper/core/options';

export interface FallbackOptions {
  /** How long the primary may take before the fallback runs, in milliseconds; left out, up to the deadline. */
  readonly primaryMs?: number;
  /** Called with the first error of each run of failures of the primary. */
  readonly onFallback?: (error: unknown) => void;
  /**
   * What follows where the primary throws an `UndecidedError`: it went well, and has nothing to say yet. `stands` leaves
   * the check undecided; `fallback` lets the fallback give the verdict.
   * @default 'stands'
   */
  readonly undecided?: 'stands' | 'fallback';
}

interface Settings {
  readonly primaryMs: number | undefined;
  readonly onFallback: ((error: unknown) => void) | undefined;
  readonly undecided: 'stands' | 'fallback';
}

/**
 * Makes a probe of `primary`, which knows best, with `fallback` for where the primary cannot tell (INV-70).
 *
 * Any verdict of the primary stands, a `fail` too, and so does its word that it is undecided. Where it throws, or takes longer than `primaryMs`, the
 * fallback gives the verdict of this one check; the next runs the primary again. An abort never starts the fallback.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { dockerProbe, httpProbe, withFallback } from '@watchkeeper/probes';
 *
 * export const shop = withFallback(
 *   dockerProbe({ container: 'shop' }),
 *   httpProbe({ url: 'http://127.0.0.1:8080/health' }),
 *   { primaryMs: 2_000 },
 * );
 * ```
 */
export function withFallback(primary: Probe, fallback: Probe, options: FallbackOptions = {}): Probe {
  const { primaryMs, onFallback, undecided } = resolveOptions<Settings>(
    'withFallback',
    {
      primaryMs: optional(positiveMs),
      onFallback: optional(callable<(error: unknown) => void>()),
      undecided: oneOf('stands', 'fallback'),
    },
    { primaryMs: undefined, onFallback: undefined, undecided: 'stands' },
    options,
  );
  if (typeof primary !== 'function') throw new InvalidOptionError('withFallback.primary', 'a probe', primary);
  if (typeof fallback !== 'function') throw new InvalidOptionError('withFallback.fallback', 'a probe', fallback);
  let failing = false;
  const run = async (signal: AbortSignal): Promise<Verdict> => {
    try {
      const verdict = await runWithin(primary, signal, primaryMs);
      failing = false;
      return verdict;
    } catch (error) {
      if (signal.aborted || (undecided === 'stands' && codeOf(error) === 'UNDECIDED')) throw error;
      if (!failing) tell(onFallback, error);
      failing = true;
      return fallback(signal);
    }
  };
  return defineProbe(primary.name, run, { host: primary.host });
}

/** A listener that fails is no reason not to ask the fallback. */
function tell(listener: ((error: unknown) => void) | undefined, error: unknown): void {
  try {
    listener?.(error);
  } catch {}
}

/** Runs `probe` under a shorter deadline of its own. Rejects when that deadline passes first. */
async function runWithin(probe: Probe, signal: AbortSignal, limitMs: number | undefined): Promise<Verdict> {
  if (limitMs === undefined || signal.aborted) return probe(signal);
  const own = new AbortController();
  const pass = (): void => own.abort(signal.reason);
  const late = new DOMException(`${probe.name} did not answer within ${limitMs} ms`, 'TimeoutError');
  const timer = setTimeout(() => own.abort(late), limitMs);
  signal.addEventListener('abort', pass);
  try {
    const verdict = await probe(own.signal);
    if (own.signal.reason === late) throw late;
    return verdict;
  } catch (error) {
    // What it says when its part of the time is up, that it was held up for one, says nothing of this check.
    throw own.signal.reason === late ? late : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', pass);
  }
}
