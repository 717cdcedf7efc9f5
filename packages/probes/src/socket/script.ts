import type { Verdict } from '@watchkeeper/core';
import { optional, positiveCount, positiveMs, type Rule } from '@watchkeeper/core/options';
import { TargetFault } from '../check/errors.ts';
import type { Attempt } from '../check/runCheck.ts';
import { bytes, either, listOf, pattern, type Settled } from '../options/resolveProbeOptions.ts';
import type { Wire } from './byteReader.ts';

/** One line of a script: say something, wait for an answer, or go over to TLS. */
export type ScriptStep =
  | { readonly send: string | Uint8Array }
  /** Waits until this text stands in the answer, or the pattern matches it, and forgets all up to there. */
  | { readonly expect: string | RegExp }
  | { readonly startTls: true };

/** What is expected of a stream once it is open. */
export interface ConversationOptions {
  /** What to say and what to hear, in order. Left out, the probe only listens. */
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
  /** How much may come before an expected answer; more fails. @default 65536 */
  readonly maxBytes?: number;
}

export type ConversationSettings = Settled<ConversationOptions, 'quietMs' | 'maxBytes'>;

const scriptStep: Rule<ScriptStep> = {
  is: '{ send }, { expect } or { startTls: true }',
  accepts: (value): value is ScriptStep => {
    if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return false;
    const step: { send?: unknown; expect?: unknown; startTls?: unknown } = value;
    return bytes.accepts(step.send) || step.startTls === true || either(filled, pattern).accepts(step.expect);
  },
};
const filled: Rule<string> = {
  is: 'a non-empty string',
  accepts: (value): value is string => typeof value === 'string' && value !== '',
};

export const conversationRules = {
  script: optional(listOf(scriptStep)),
  minBytes: optional(positiveCount),
  quietMs: positiveMs,
  stallMs: optional(positiveMs),
  maxBytes: positiveCount,
};

export const conversationDefaults = { quietMs: 500, maxBytes: 65_536 };

/** Goes over to TLS on the stream under `wire`. */
export type StartTls = (wire: Wire) => Promise<Wire>;

/** Talks and listens as the settings say; a fault is thrown, so what returns is a pass. */
export async function converse(
  attempt: Attempt,
  opened: Wire,
  settings: ConversationSettings,
  startTls?: StartTls,
): Promise<Verdict> {
  let wire = opened;
  for (const [index, step] of (settings.script ?? []).entries()) {
    attempt.stage(`in step ${index + 1} of the script`);
    if ('send' in step) wire.send(step.send);
    else if ('expect' in step) await hear(wire, step.expect, settings);
    else if (startTls) wire = await startTls(wire);
  }
  const count = settings.minBytes === undefined ? undefined : await gather(attempt, wire, settings.minBytes, settings);
  if (count !== undefined) return { status: 'pass', measured: { bytes: count } };
  if (settings.script === undefined) await overhear(attempt, wire, settings.quietMs);
  return { status: 'pass' };
}

/** A banner, an end and silence are all healthy; only a reset is not, and that rejects (INV-50). */
async function overhear(attempt: Attempt, wire: Wire, quietMs: number): Promise<void> {
  attempt.stage('listening', { status: 'pass' });
  await wire.more(quietMs);
}

async function hear(wire: Wire, expected: string | RegExp, { stallMs, maxBytes }: ConversationSettings): Promise<void> {
  for (;;) {
    // Latin-1, so that one character is one byte and an offset in the text is one in the buffer.
    const heard = wire.received.toString('latin1');
    const wanted = typeof expected === 'string' ? Buffer.from(expected).toString('latin1') : expected;
    const end = endOf(heard, wanted);
    if (end !== undefined) return wire.drop(end);
    if (heard.length >= maxBytes) throw new TargetFault(`expected ${say(expected)}, got more than ${maxBytes} bytes`);
    const arrival = await wire.more(stallMs);
    if (arrival === 'bytes') continue;
    const why = arrival === 'end' ? 'the connection was closed' : `nothing came for ${stallMs} ms`;
    throw new TargetFault(`expected ${say(expected)}, but ${why} after ${JSON.stringify(heard.slice(0, 80))}`);
  }
}

async function gather(
  attempt: Attempt,
  wire: Wire,
  minBytes: number,
  { stallMs }: ConversationSettings,
): Promise<number> {
  let count = wire.received.length;
  while (count < minBytes) {
    attempt.stage(`waiting for ${minBytes} bytes, ${count} came`);
    wire.drop(wire.received.length);
    const arrival = await wire.more(stallMs);
    count += wire.received.length;
    if (arrival === 'end') throw new TargetFault(`connection closed after ${count} of ${minBytes} bytes`);
    if (arrival === 'silence') throw new TargetFault(`stalled for ${stallMs} ms after ${count} of ${minBytes} bytes`);
  }
  return count;
}

function endOf(heard: string, expected: string | RegExp): number | undefined {
  if (typeof expected === 'string') {
    const at = heard.indexOf(expected);
    return at < 0 ? undefined : at + expected.length;
  }
  // A global or sticky pattern would remember its last match between two checks.
  const match = new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')).exec(heard);
  return match ? match.index + match[0].length : undefined;
}

function say(expected: string | RegExp): string {
  return typeof expected === 'string' ? JSON.stringify(expected) : String(expected);
}
