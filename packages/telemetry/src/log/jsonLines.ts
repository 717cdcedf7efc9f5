import { textOf } from '@watchkeeper/core/adapters';
import { callable, objectWith, requireOption } from '@watchkeeper/core/options';
import type { Logger } from './logger.ts';
import type { LogLevel } from './logLevel.ts';

/** Takes lines, each with its line break. */
export interface LineSink {
  write(line: string): unknown;
}

/**
 * Makes a logger that writes one line of JSON for each call: `level`, `time` in epoch milliseconds, `msg`, and the fields
 * of the call. Errors become their name, message, code, stack and cause; what JSON cannot write becomes text.
 *
 * @param sink takes the lines. @default the standard output
 * @param now tells the time, in epoch milliseconds. @default the system's
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { jsonLines, logEvents } from '@watchkeeper/telemetry';
 *
 * logEvents(createSupervisor(), jsonLines());
 * ```
 */
export function jsonLines(sink: LineSink = process.stdout, now: () => number = Date.now): Logger {
  requireOption('jsonLines.sink', objectWith<LineSink>('write'), sink);
  requireOption('jsonLines.now', callable<() => number>(), now);
  const at =
    (level: LogLevel) =>
    (fields: object, msg: string): void => {
      sink.write(`${lineOf({ level, time: now(), msg, ...fields })}\n`);
    };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

function lineOf(fields: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(fields, jsonReplacer(new Set()));
  } catch {
    // Something in it cannot be read; each field for itself shows which.
    return JSON.stringify(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, readable(value)])));
  }
}

/** Returns the value where it can be written, and else its text. */
function readable(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value, jsonReplacer(new Set())) ?? 'null');
  } catch {
    return textOf(value);
  }
}

/** Makes a replacer for `JSON.stringify`: errors become plain objects, and an object is written once only. */
function jsonReplacer(seen: Set<unknown>): (name: string, value: unknown) => unknown {
  return (_, value) => {
    if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return '(told before)';
    seen.add(value);
    if (!(value instanceof Error)) return value;
    const { name, message, stack, cause } = value;
    const code = 'code' in value ? value.code : undefined;
    return { name, message, code, stack, cause };
  };
}
