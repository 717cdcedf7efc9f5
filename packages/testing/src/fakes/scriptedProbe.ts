import { type Clock, InvalidOptionError, type Probe, type Verdict } from '@watchkeeper/core';
import { clockRule } from '@watchkeeper/core/adapters';
import { durationMs, optional, type Rules, resolveOptions, text } from '@watchkeeper/core/options';

/** Options of {@link scriptedProbe}. */
export interface ScriptedProbeOptions {
  /**
   * Names the probe.
   * @default 'scripted'
   */
  readonly name?: string;
  /**
   * How long each answer takes on `clock`, in milliseconds; needs `clock`.
   * @default 0
   */
  readonly latencyMs?: number;
  /** The clock that {@link ScriptedProbeOptions.latencyMs} counts on. */
  readonly clock?: Clock;
}

type Settings = Required<Omit<ScriptedProbeOptions, 'clock'>> & { readonly clock: Clock | undefined };

const defaults = { name: 'scripted', latencyMs: 0, clock: undefined };

const rules: Rules<Settings> = { name: text, latencyMs: durationMs, clock: optional(clockRule) };

/** A probe that answers as it is told. */
export interface ScriptedProbe extends Probe {
  /** Checks begun. */
  readonly asked: number;
  /** Checks under way. */
  readonly running: number;
  /** Checks whose signal aborted before they had answered. */
  readonly aborted: number;
  /** Replaces what is left of the script. */
  rewrite(script: string): void;
}

const marks: Readonly<Record<string, Verdict>> = {
  '+': { status: 'pass' },
  '~': { status: 'warn', detail: 'scripted warning' },
  '-': { status: 'fail', detail: 'scripted failure' },
};

/**
 * A probe that follows a script, one mark a check: `+` passes, `~` warns, `-` fails, `!` breaks (throws),
 * `?` never answers and ends only when it is aborted. The last mark repeats for ever.
 *
 * @throws `InvalidOptionError` for an empty script or an unknown mark.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { scriptedProbe, VirtualClock } from '@watchkeeper/testing';
 *
 * const clock = new VirtualClock();
 * const keeper = createSupervisor({ clock });
 * const api = keeper.monitor('api', scriptedProbe('+--+'), { intervalMs: 1_000, jitter: 0 });
 * keeper.start();
 * await clock.advance(1_000);
 * api.health; // 'unhealthy'
 * ```
 */
export function scriptedProbe(script: string, options?: ScriptedProbeOptions): ScriptedProbe {
  const { name, latencyMs, clock } = resolveOptions<Settings>('scriptedProbe', rules, defaults, options);
  if (latencyMs > 0 && clock === undefined)
    throw new InvalidOptionError('scriptedProbe.clock', 'given when latencyMs is', clock);
  let left = read(script);
  const counts = { asked: 0, running: 0, aborted: 0 };

  const probe = async (signal: AbortSignal): Promise<Verdict> => {
    const mark = left[0] ?? '+';
    if (left.length > 1) left = left.slice(1);
    counts.asked += 1;
    counts.running += 1;
    try {
      if (latencyMs > 0) await wait(clock as Clock, latencyMs, signal);
      if (mark === '!') throw new Error('scripted breakage');
      return marks[mark] ?? (await untilAborted(signal));
    } finally {
      counts.running -= 1;
      if (signal.aborted) counts.aborted += 1;
    }
  };

  return Object.defineProperties(probe, {
    name: { value: name },
    asked: { get: () => counts.asked },
    running: { get: () => counts.running },
    aborted: { get: () => counts.aborted },
    rewrite: {
      value: (next: string) => {
        left = read(next);
      },
    },
  }) as Probe as ScriptedProbe;
}

function read(script: string): string {
  if (typeof script !== 'string' || !/^[-+~!?]+$/.test(script)) {
    throw new InvalidOptionError('scriptedProbe.script', 'one or more of the marks + ~ - ! ?', script);
  }
  return script;
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clock.clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
