import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import type { Probe } from '@watchkeeper/core';
import { optional, positiveMs, text } from '@watchkeeper/core/options';
import { meets } from './check/expectations.ts';
import { redaction } from './check/redaction.ts';
import { type Check, probeOf } from './check/runCheck.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { bytes, either, pattern, port } from './options/rules.ts';
import { addressesOf } from './socket/addresses.ts';
import { type NetworkOptions, networkRules } from './socket/network.ts';

export interface UdpProbeOptions extends NetworkOptions {
  /** A host name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The datagram to send. @default an empty one */
  readonly send?: string | Uint8Array;
  /** What an answer must contain or match; others are passed over. Left out, silence is healthy. */
  readonly expect?: string | RegExp;
  /**
   * How long to wait for "port unreachable" where no answer is expected, in milliseconds. Keep it below the
   * deadline of the monitor, which would take silence for a failure.
   * @default 500
   */
  readonly quietMs?: number;
  /** Sends again when nothing came for this long, in milliseconds, as datagrams get lost. */
  readonly resendMs?: number;
}

type Settings = Resolved<UdpProbeOptions, 'host' | 'port' | 'send' | 'quietMs'>;

const rules = {
  host: text,
  port,
  send: bytes,
  expect: optional(either(text, pattern)),
  quietMs: positiveMs,
  resendMs: optional(positiveMs),
  ...networkRules,
};

/**
 * Sends a datagram and judges what comes back. Only the target itself is heard.
 *
 * A name is asked at its first address of each family, and one that answers is enough: `localhost` listens on either.
 * Without `expect`, a target is down only when its host says that nobody listens; a lost datagram is
 * silence, and silence passes. A name that cannot be resolved breaks the check (INV-69).
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { udpProbe } from '@watchkeeper/probes/udp';
 *
 * export const game = udpProbe({ host: 'play.example.org', port: 27015, send: 'ping', expect: /pong/, resendMs: 300 });
 * ```
 */
export function udpProbe(options: UdpProbeOptions): Probe {
  const settings = resolveProbeOptions<Settings>('udpProbe', rules, { send: '', quietMs: 500 }, options);
  const name = `udp://${settings.host}:${settings.port}`;
  return probeOf({ name, host: settings.host, redact: redaction(), unresolved: 'throw' }, async (check) => {
    const addresses = firstOfEachFamily(await addressesOf(check, settings.host, settings));
    check.signal.throwIfAborted();
    await anyOf(addresses.map((address) => exchange(check, address, settings)));
    return { status: 'pass' };
  });
}

function firstOfEachFamily(addresses: readonly string[]): readonly string[] {
  const [first = ''] = addresses;
  const other = addresses.find((one) => isIP(one) !== isIP(first));
  return other === undefined ? [first] : [first, other];
}

/** Resolves with the first that does; rejects, with the one error or all of them, when none does. */
function anyOf(exchanges: readonly Promise<void>[]): Promise<void> {
  const [only] = exchanges;
  return exchanges.length === 1 && only !== undefined ? only : Promise.any(exchanges);
}

function exchange(check: Check, address: string, settings: Settings): Promise<void> {
  const { expect, quietMs, resendMs } = settings;
  const timers: NodeJS.Timeout[] = [];
  check.defer(() => timers.forEach(clearTimeout));
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
    check.defer(() => closeQuietly(socket));
    socket.on('error', reject);
    socket.on('message', (message) => {
      if (expect === undefined || meets(message, expect)) resolve();
    });
    // A connected socket hears its peer only, and hears of "port unreachable".
    socket.connect(settings.port, address, (error?: Error) => {
      if (error) return reject(error);
      if (expect === undefined) {
        check.phase('listening', { status: 'pass' });
        timers.push(setTimeout(resolve, quietMs));
      } else check.phase('waiting for the answer');
      const send = (): void => socket.send(settings.send, (failed) => failed && reject(failed));
      send();
      if (resendMs !== undefined) timers.push(setInterval(send, resendMs));
    });
  });
}

function closeQuietly(socket: Socket): void {
  // An error after the end concerns nobody, and without a listener it would end the process.
  socket.removeAllListeners().on('error', () => undefined);
  socket.close();
}
