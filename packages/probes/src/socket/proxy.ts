import type { Socket } from 'node:net';
import { InvalidOptionError } from '@watchkeeper/core';
import { CheckBrokenError, TargetFault } from '../check/errors.ts';
import { describeTargetFault } from '../check/networkErrors.ts';
import { decodeSafely } from '../check/redaction.ts';
import type { Check } from '../check/runCheck.ts';
import { hostOf, parseUrl } from '../options/urls.ts';
import { byteReader } from './byteReader.ts';
import { dial } from './dial.ts';
import type { ResolvedNetwork } from './network.ts';

/** A proxy that was checked. */
export interface ResolvedProxy {
  readonly host: string;
  readonly port: number;
  /** What is sent as `Proxy-Authorization`. */
  readonly authorization: string | undefined;
  readonly url: URL;
}

/** The longest answer of a proxy to CONNECT, in bytes. */
const longestAnswer = 16_384;

/**
 * Parses the option `proxy`. An egress policy, a pinned address and a resolver speak of addresses that we dial, and through a
 * proxy it is the proxy that resolves and dials.
 *
 * @throws `InvalidOptionError` naming what is wrong, or the option that a proxy would make void.
 */
export function resolveProxy(
  owner: string,
  given: string | URL | undefined,
  beside: ResolvedNetwork & { readonly socketPath?: string | undefined },
): ResolvedProxy | undefined {
  if (given === undefined) return undefined;
  for (const name of ['egress', 'address', 'family', 'socketPath'] as const) {
    if (beside[name] === undefined) continue;
    throw new InvalidOptionError(
      `${owner}.${name}`,
      'left out where `proxy` is given, which dials by itself',
      beside[name],
    );
  }
  const url = parseUrl(`${owner}.proxy`, given, ['http:']);
  const credentials = `${decodeSafely(url.username)}:${decodeSafely(url.password)}`;
  const authorization = credentials === ':' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  return { host: hostOf(url), port: Number(url.port) || 80, authorization, url };
}

/** Connects to the proxy itself. One that cannot be reached breaks the check: nothing is then known of the target. */
export async function dialProxy(check: Check, { host, port }: ResolvedProxy): Promise<Socket> {
  try {
    return await dial(check, {
      host,
      port,
      family: undefined,
      address: undefined,
      resolver: undefined,
      egress: undefined,
    });
  } catch (error) {
    throw new CheckBrokenError(`proxy: ${describeTargetFault(error) ?? 'it cannot be reached'}`, error);
  }
}

/**
 * Opens a tunnel to the target (CONNECT, RFC 9110 9.3.6). A proxy that refuses us breaks the check; one that says that it did
 * not reach the target, by a 5xx, tells of the target.
 */
export async function tunnel(
  check: Check,
  proxy: ResolvedProxy,
  to: { readonly host: string; readonly port: number },
): Promise<Socket> {
  const reader = byteReader(check, await dialProxy(check, proxy));
  check.phase('waiting for the proxy');
  const authority = `${to.host.includes(':') ? `[${to.host}]` : to.host}:${to.port}`;
  const authorization = proxy.authorization === undefined ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  reader.send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  for (;;) {
    const head = reader.received.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end >= 0) {
      requireTunnel(head);
      const socket = reader.release();
      if (end + 4 < reader.received.length) socket.unshift(reader.received.subarray(end + 4));
      return socket;
    }
    if (reader.received.length > longestAnswer) throw new CheckBrokenError('proxy: its answer is too long');
    if ((await reader.read()) === 'end') throw new CheckBrokenError('proxy: it closed the connection');
  }
}

function requireTunnel(head: string): void {
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(head) ?? [];
  if (status === undefined) throw new CheckBrokenError('proxy: it does not speak HTTP');
  if (status.startsWith('2')) return;
  if (status.startsWith('5')) throw new TargetFault(`the proxy answered ${status}`);
  throw new CheckBrokenError(`proxy: it answered ${status}`);
}
