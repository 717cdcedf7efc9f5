import type { Verdict } from '@watchkeeper/core';
import { optional, positiveCount, positiveMs, positiveNumber, type Rule } from '@watchkeeper/core/options';
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
  /** What to send once the stream is open, before a script; of TLS by `starttls`, once that is done. */
  readonly send?: string | Uint8Array;
  /** At least this many bytes must come; left out, silence is healthy. */
  readonly minBytes?: number;
  /**
   * They must come at least this fast, in bytes a second, from the end of the script to the last of them; slower ones fail.
   * Without `minBytes`, what comes until the end, a pause of `quietMs` or `maxBytes` is measured, and it must be something.
   */
  readonly minBytesPerSecond?: number;
  /**
   * How long a listener without a script waits for a first byte, in milliseconds. Keep it below the deadline of
   * the monitor, which would take silence for a failure.
   * @default 500
   */
  readonly quietMs?: number;
  /** How long the target may pause where bytes are owed, in milliseconds; left out, the deadline alone decides. */
  readonly stallMs?: number;
  /** How much may be received before an expected text, in bytes; more fails. Also where a measurement ends. @default 65536 */
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
  send: optional(bytes),
  minBytes: optional(positiveCount),
  minBytesPerSecond: optional(positiveNumber),
  quietMs: positiveMs,
  stallMs: optional(positiveMs),
  maxBytes: positiveCount,
};

/** Whether there is anything to say or to wait for beyond an open stream. */
export function talks({ send, script, minBytes, minBytesPerSecond }: ResolvedScript): boolean {
  return [send, script, minBytes, minBytesPerSecond].some((one) => one !== undefined);
}

export const scriptDefaults = { quietMs: 500, maxBytes: 65_536 };

/** Upgrades the stream under `reader` to TLS. */
export type StartTls = (reader: ByteReader) => Promise<ByteReader>;

/**
 * Sends, runs the script, then reads `minBytes` and measures how fast they come; without any of it, it listens.
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
  if (settings.send !== undefined) reader.send(settings.send);
  for (const [index, step] of (settings.script ?? []).entries()) {
    check.phase(`in step ${index + 1} of the script`);
    if ('send' in step) reader.send(step.send);
    else if ('expect' in step) await readUntil(reader, step.expect, settings);
    else if (startTls) reader = await startTls(reader);
  }
  if (settings.minBytes !== undefined || settings.minBytesPerSecond !== undefined) {
    return verdictOfTransfer(await readBytes(check, reader, settings), settings);
  }
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

/** What came, and how long it took, in milliseconds. */
interface Transfer {
  readonly bytes: number;
  readonly tookMs: number;
}

async function readBytes(check: Check, reader: ByteReader, settings: ResolvedScript): Promise<Transfer> {
  const { minBytes, stallMs, quietMs, maxBytes } = settings;
  const began = check.elapsedMs();
  const wanted = minBytes ?? maxBytes;
  let bytes = reader.received.length;
  let lastAt = began;
  while (bytes < wanted) {
    check.phase(minBytes === undefined ? 'measuring' : `waiting for ${minBytes} bytes, ${bytes} came`);
    reader.discard(reader.received.length);
    const isOwed = minBytes !== undefined || bytes === 0;
    const result = await reader.read(isOwed ? stallMs : quietMs);
    bytes += reader.received.length;
    if (result === 'bytes') lastAt = check.elapsedMs();
    else if (!isOwed) break;
    else throw new TargetFault(unfinished(result, bytes, settings));
  }
  return { bytes, tookMs: lastAt - began };
}

function unfinished(result: 'end' | 'timeout', bytes: number, { minBytes, stallMs }: ResolvedScript): string {
  const came = `after ${bytes} ${minBytes === undefined ? 'bytes' : `of ${minBytes} bytes`}`;
  return result === 'end' ? `connection closed ${came}` : `stalled for ${stallMs} ms ${came}`;
}

function verdictOfTransfer({ bytes, tookMs }: Transfer, { minBytesPerSecond }: ResolvedScript): Verdict {
  // What was there already took no time.
  const bytesPerSecond = Math.round((bytes / Math.max(tookMs, 0.001)) * 1_000);
  const measured = { bytes, bytesPerSecond };
  if (minBytesPerSecond === undefined || bytesPerSecond >= minBytesPerSecond) return { status: 'pass', measured };
  return { status: 'fail', detail: `came at ${bytesPerSecond} bytes/s, expected ${minBytesPerSecond}`, measured };
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
