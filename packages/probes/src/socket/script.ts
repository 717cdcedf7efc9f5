import type { Verdict } from '@watchkeeper/core';
import { optional, positiveCount, positiveMs, type Rule } from '@watchkeeper/core/options';
import { TargetFault } from '../check/errors.ts';
import type { Check } from '../check/runCheck.ts';
import type { Resolved } from '../options/resolveProbeOptions.ts';
import { bytes, either, listOf, pattern } from '../options/rules.ts';
import type { ByteReader } from './byteReader.ts';

/** One step of a script: send something, wait for something, or upgrade to TLS. */
export type ScriptStep =
  | { readonly send: string | Uint8Array }
  /** Waits until this text is received, or the pattern matches, and discards all up to there. */
  | { readonly expect: string | RegExp }
  | { readonly startTls: true };

/** Options of probes that talk over a stream once it is open. */
export interface ScriptOptions {
  /** What to send and what to wait for, in order. Left out, the probe only listens. */
  readonly script?: readonly ScriptStep[];
  /** At least this many bytes must come; left out, silence is healthy. */
  readonly minBytes?: number;
  /**
   * How long a listener without a script waits for a first byte, in milliseconds. Keep it below the deadline of
   * the monitor, which would take silence for a failure.
   * @default 500
   */
  readonly quietMs?: number;
  /** How long the target may pause where bytes are owed, in milliseconds; left out, the deadline alone decides. */
  readonly stallMs?: number;
  /** How much may be received before an expected text, in bytes; more fails. @default 65536 */
  readonly maxBytes?: number;
}

/** {@link ScriptOptions} with their defaults. */
export type ResolvedScript = Resolved<ScriptOptions, 'quietMs' | 'maxBytes'>;

const scriptStep: Rule<ScriptStep> = {
  is: '{ send }, { expect } or { startTls: true }',
  accepts: (value): value is ScriptStep => {
    if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return false;
    const step: { send?: unknown; expect?: unknown; startTls?: unknown } = value;
    return bytes.accepts(step.send) || step.startTls === true || either(nonEmpty, pattern).accepts(step.expect);
  },
};
const nonEmpty: Rule<string> = {
  is: 'a non-empty string',
  accepts: (value): value is string => typeof value === 'string' && value !== '',
};

export const scriptRules = {
  script: optional(listOf(scriptStep)),
  minBytes: optional(positiveCount),
  quietMs: positiveMs,
  stallMs: optional(positiveMs),
  maxBytes: positiveCount,
};

export const scriptDefaults = { quietMs: 500, maxBytes: 65_536 };

/** Upgrades the stream under `reader` to TLS. */
export type StartTls = (reader: ByteReader) => Promise<ByteReader>;

/**
 * Runs the script, then reads `minBytes`; without either it listens.
 *
 * @returns a pass; a fault of the target is thrown.
 */
export async function runScript(
  check: Check,
  opened: ByteReader,
  settings: ResolvedScript,
  startTls?: StartTls,
): Promise<Verdict> {
  let reader = opened;
  for (const [index, step] of (settings.script ?? []).entries()) {
    check.phase(`in step ${index + 1} of the script`);
    if ('send' in step) reader.send(step.send);
    else if ('expect' in step) await readUntil(reader, step.expect, settings);
    else if (startTls) reader = await startTls(reader);
  }
  const count =
    settings.minBytes === undefined ? undefined : await readAtLeast(check, reader, settings.minBytes, settings);
  if (count !== undefined) return { status: 'pass', measured: { bytes: count } };
  if (settings.script === undefined) await listen(check, reader, settings.quietMs);
  return { status: 'pass' };
}

/** A banner, an end and silence are all healthy; only a reset is not, and that rejects (INV-50). */
async function listen(check: Check, reader: ByteReader, quietMs: number): Promise<void> {
  check.phase('listening', { status: 'pass' });
  await reader.read(quietMs);
}

async function readUntil(
  reader: ByteReader,
  expected: string | RegExp,
  { stallMs, maxBytes }: ResolvedScript,
): Promise<void> {
  for (;;) {
    // Latin-1, so that one character is one byte and an offset in the text is one in the buffer.
    const received = reader.received.toString('latin1');
    const wanted = typeof expected === 'string' ? Buffer.from(expected).toString('latin1') : expected;
    const end = endOfMatch(received, wanted);
    if (end !== undefined) return reader.discard(end);
    if (received.length >= maxBytes) {
      throw new TargetFault(`expected ${quote(expected)}, got more than ${maxBytes} bytes`);
    }
    const result = await reader.read(stallMs);
    if (result === 'bytes') continue;
    const why = result === 'end' ? 'the connection was closed' : `nothing came for ${stallMs} ms`;
    throw new TargetFault(`expected ${quote(expected)}, but ${why} after ${JSON.stringify(received.slice(0, 80))}`);
  }
}

async function readAtLeast(
  check: Check,
  reader: ByteReader,
  minBytes: number,
  { stallMs }: ResolvedScript,
): Promise<number> {
  let count = reader.received.length;
  while (count < minBytes) {
    check.phase(`waiting for ${minBytes} bytes, ${count} came`);
    reader.discard(reader.received.length);
    const result = await reader.read(stallMs);
    count += reader.received.length;
    if (result === 'end') throw new TargetFault(`connection closed after ${count} of ${minBytes} bytes`);
    if (result === 'timeout') throw new TargetFault(`stalled for ${stallMs} ms after ${count} of ${minBytes} bytes`);
  }
  return count;
}

/** Returns where the expected text ends, or undefined where it is not there. */
function endOfMatch(received: string, expected: string | RegExp): number | undefined {
  if (typeof expected === 'string') {
    const at = received.indexOf(expected);
    return at < 0 ? undefined : at + expected.length;
  }
  // A global or sticky pattern would remember its last match between two checks.
  const match = new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')).exec(received);
  return match ? match.index + match[0].length : undefined;
}

function quote(expected: string | RegExp): string {
  return typeof expected === 'string' ? JSON.stringify(expected) : String(expected);
}
