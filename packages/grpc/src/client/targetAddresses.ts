import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type AddressResolver, EgressDeniedError, type EgressPolicy, systemLookups } from '@watchkeeper/core/adapters';

/** One address of a server, with its port. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** How names become addresses, and which may be dialled. */
export interface AddressOptions {
  readonly resolver: 'system' | AddressResolver;
  readonly egress: EgressPolicy | undefined;
}

/** The port of a target that names none, as gRPC has it. */
const usualPort = 443;

/** The most addresses of one name that are dialled. */
const mostAddresses = 32;

/**
 * Returns the hosts of a target: `orders:50051`, `dns:///orders:50051`, `[::1]:50051`, `ipv4:10.0.0.1:80,10.0.0.2:80`.
 *
 * @returns undefined where the target is of another scheme, such as `unix:`, which has no addresses.
 */
export function hostsOf(target: string): readonly ServerAddress[] | undefined {
  const [, scheme, list = ''] = /^(?:(dns|ipv4|ipv6):(?:\/\/[^/]*\/)?)?(.*)$/s.exec(target) ?? [];
  const parts = scheme === 'ipv4' || scheme === 'ipv6' ? list.split(',') : [list];
  const hosts = parts.map(hostAndPort);
  return hosts.every((one) => one !== undefined) ? hosts : undefined;
}

function hostAndPort(text: string): ServerAddress | undefined {
  if (isIP(text) === 6) return { host: text, port: usualPort };
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:/[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host === undefined ? undefined : { host, port: port === undefined ? usualPort : Number(port) };
}

/** Returns host and port as a target, a request and a proxy take them. */
export function authorityOf({ host, port }: ServerAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Resolves hosts to the addresses that may be dialled, at least one.
 *
 * @throws `EgressDeniedError` where the policy denies all of them; the resolver's error where a name does not resolve.
 */
export async function addressesOf(
  hosts: readonly ServerAddress[],
  { resolver, egress }: AddressOptions,
  signal: AbortSignal,
): Promise<readonly ServerAddress[]> {
  const found = await Promise.all(
    hosts.map(async ({ host, port }) =>
      (await resolve(host, resolver, signal)).map((address) => ({ host: address, port })),
    ),
  );
  const permitted = found.flat().filter(({ host }) => egress?.permits(host) ?? true);
  if (permitted.length === 0) throw new EgressDeniedError(hosts.map(({ host }) => host).join(', '));
  return permitted.slice(0, mostAddresses);
}

async function resolve(
  host: string,
  resolver: 'system' | AddressResolver,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  if (resolver === 'system') {
    const found = await systemLookups.ask(`0 ${host}`, () => lookup(host, { all: true }), signal);
    return found.map(({ address }) => address);
  }
  const answered: readonly unknown[] = [await resolver(host, { family: undefined, signal })].flat();
  const addresses = answered.filter((one) => typeof one === 'string').filter((one) => isIP(one) !== 0);
  if (addresses.length < answered.length || addresses.length === 0) throw new Error('the resolver found no address');
  return addresses;
}
