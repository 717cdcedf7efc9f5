import { statfs } from 'node:fs/promises';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { memoryUsage } from 'node:process';
import { getHeapStatistics } from 'node:v8';
import { defineProbe, type Probe, type Verdict } from '@watchkeeper/core';
import { callable, type Rule, text } from '@watchkeeper/core/options';
import { codeOf } from './check/networkErrors.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';

/** Above `warn` the probe warns, above `fail` it fails; either may be left out. */
export interface Limits {
  readonly warn?: number;
  readonly fail?: number;
}

/** Figures of this process. One that could not be read is left out. */
export interface ProcessReadings {
  /** 99th percentile since the previous check, in milliseconds. */
  readonly eventLoopDelayMs?: number;
  /** Used heap over the most V8 may take. */
  readonly heapUsedRatio?: number;
  readonly rssBytes?: number;
  /** Used over all of the disk that holds `diskPath`. */
  readonly diskUsedRatio?: number;
}

export interface ProcessProbeOptions {
  /** @default { warn: 100, fail: 1000 } */
  readonly eventLoopDelayMs?: Limits;
  /** @default { warn: 0.85, fail: 0.95 } */
  readonly heapUsedRatio?: Limits;
  /** @default {} */
  readonly rssBytes?: Limits;
  /** @default { warn: 0.9, fail: 0.98 } */
  readonly diskUsedRatio?: Limits;
  /** @default '/' */
  readonly diskPath?: string;
  /** Reads the figures; replace it to judge those of another place. */
  readonly read?: (diskPath: string) => Promise<ProcessReadings>;
}

const limits: Rule<Limits> = {
  is: '{ warn, fail }, each a number or left out, with warn no larger than fail',
  accepts: (value): value is Limits => {
    if (typeof value !== 'object' || value === null) return false;
    const { warn, fail, ...rest } = value as Limits;
    const numbers = [warn, fail].every((one) => one === undefined || (typeof one === 'number' && one >= 0));
    return numbers && Object.keys(rest).length === 0 && (warn ?? 0) <= (fail ?? Infinity);
  },
};

const rules = {
  eventLoopDelayMs: limits,
  heapUsedRatio: limits,
  rssBytes: limits,
  diskUsedRatio: limits,
  diskPath: text,
  read: callable<(diskPath: string) => Promise<ProcessReadings>>(),
};

type Settings = Resolved<ProcessProbeOptions, keyof ProcessProbeOptions>;

/**
 * Checks this process: event-loop delay, memory, disk.
 *
 * A figure that cannot be read never degrades health (INV-12). The event loop is watched from the first
 * check on, by a timer that does not hold the process.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { processProbe } from '@watchkeeper/probes/process';
 *
 * export const self = processProbe({ rssBytes: { warn: 400e6, fail: 500e6 } });
 * ```
 */
export function processProbe(options: ProcessProbeOptions = {}): Probe {
  const defaults: Settings = {
    eventLoopDelayMs: { warn: 100, fail: 1_000 },
    heapUsedRatio: { warn: 0.85, fail: 0.95 },
    rssBytes: {},
    diskUsedRatio: { warn: 0.9, fail: 0.98 },
    diskPath: '/',
    read: processReader(),
  };
  const settings = resolveProbeOptions<Settings>('processProbe', rules, defaults, options);
  return defineProbe('process', async () => judgeReadings(await settings.read(settings.diskPath), settings));
}

function judgeReadings(readings: ProcessReadings, settings: Settings): Verdict {
  const known = Object.entries(readings).filter(([, value]) => Number.isFinite(value));
  const measured: Record<string, number> = Object.fromEntries(known);
  const over = (bound: keyof Limits): string[] =>
    (['eventLoopDelayMs', 'heapUsedRatio', 'rssBytes', 'diskUsedRatio'] as const).flatMap((name) => {
      const [value, limit] = [measured[name], settings[name][bound]];
      if (value === undefined || limit === undefined || value <= limit) return [];
      return [`${name} is ${Number(value.toPrecision(3))}, limit ${limit}`];
    });
  const [failing, warning] = [over('fail'), over('warn')];
  if (failing.length > 0) return { status: 'fail', detail: failing.join('; '), measured };
  if (warning.length > 0) return { status: 'warn', detail: warning.join('; '), measured };
  return { status: 'pass', measured };
}

/** Makes a reader of this process; each reader measures the event loop for itself. */
function processReader(): (diskPath: string) => Promise<ProcessReadings> {
  let delay: IntervalHistogram | undefined;
  const resolutionMs = 20;
  return async (diskPath) => {
    if (!delay) {
      delay = monitorEventLoopDelay({ resolution: resolutionMs });
      delay.enable();
    }
    // The histogram holds whole periods; what is beyond the timer's own is delay.
    const delayMs = delay.count > 0 ? Math.max(0, delay.percentile(99) / 1e6 - resolutionMs) : undefined;
    delay.reset();
    const { total_heap_size: _total, used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
    const disk = await diskUse(diskPath);
    return {
      ...(delayMs === undefined ? {} : { eventLoopDelayMs: delayMs }),
      heapUsedRatio: used / most,
      rssBytes: memoryUsage.rss(),
      ...(disk === undefined ? {} : { diskUsedRatio: disk }),
    };
  };
}

/** Undefined where the file system does not say (INV-12). */
async function diskUse(path: string): Promise<number | undefined> {
  try {
    const { blocks, bavail } = await statfs(path);
    return blocks > 0 ? 1 - bavail / blocks : undefined;
  } catch (error) {
    if (codeOf(error) === '') throw error;
    return undefined;
  }
}
