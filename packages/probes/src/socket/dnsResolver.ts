import { Resolver } from 'node:dns/promises';
import { optional, positiveMs, text } from '@watchkeeper/core/options';
import { codeOf } from '../check/networkErrors.ts';
import { type Resolved, resolveProbeOptions } from '../options/resolveProbeOptions.ts';
import { listOf } from '../options/rules.ts';
import { nameServer } from './nameServers.ts';
import type { AddressResolver } from './network.ts';
import { addressesInHosts, candidateNames, readResolverFiles } from './resolverFiles.ts';

export interface DnsResolverOptions {
  /** The servers to ask, `address` or `address:port`. @default those of the system */
  readonly servers?: readonly string[];
  /** How long to wait for an answer before asking again or the next server, in milliseconds. @default 300 */
  readonly attemptMs?: number;
  /** @default '/etc/hosts' */
  readonly hostsFile?: string;
  /** Where the search list and `ndots` stand. @default '/etc/resolv.conf' */
  readonly resolvFile?: string;
}

type Settings = Resolved<DnsResolverOptions, 'attemptMs' | 'hostsFile' | 'resolvFile'>;

const rules = {
  servers: optional(listOf(nameServer)),
  attemptMs: positiveMs,
  hostsFile: text,
  resolvFile: text,
};

const defaults = {
  attemptMs: 300,
  hostsFile: process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts',
  resolvFile: '/etc/resolv.conf',
};

/** How often a question is sent; each round waits twice as long as the one before, and the deadline ends them all. */
export const mostTries = 8;

/** How long the answer for one family waits for that of the other, in milliseconds (RFC 8305 3 has 50). */
const otherFamilyMs = 100;

/**
 * Makes a resolver that asks name servers over sockets, so that an abort frees all it holds; no thread is used.
 *
 * It knows the hosts file, `localhost`, the search list and `ndots`, and no other source of names: not mDNS, NIS or LDAP.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { dnsResolver, tcpProbe } from '@watchkeeper/probes';
 *
 * const resolver = dnsResolver({ servers: ['192.0.2.53'] });
 * export const database = tcpProbe({ host: 'db.internal', port: 5432, resolver });
 * ```
 */
export function dnsResolver(options: DnsResolverOptions = {}): AddressResolver {
  const settings = resolveProbeOptions<Settings>('dnsResolver', rules, defaults, options);
  return async (host, { family, signal }) => {
    const files = await readResolverFiles(settings.hostsFile, settings.resolvFile);
    signal.throwIfAborted();
    const known = addressesInHosts(files.hosts, host, family);
    if (known.length > 0) return known;
    const resolver = new Resolver({ timeout: settings.attemptMs, tries: mostTries });
    if (settings.servers) resolver.setServers(settings.servers);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await firstFound(resolver, candidateNames(host, files), family);
    } finally {
      signal.removeEventListener('abort', cancel);
      resolver.cancel();
    }
  };
}

async function firstFound(
  resolver: Resolver,
  names: readonly string[],
  family: 4 | 6 | undefined,
): Promise<readonly string[]> {
  let fault: unknown;
  for (const name of names) {
    try {
      return await addresses(resolver, name, family);
    } catch (error) {
      fault ??= error;
      // Only a name that is not there says nothing of the next; a silent server would be silent again.
      if (!['ENOTFOUND', 'ENODATA', 'ESERVFAIL'].includes(codeOf(error))) throw error;
    }
  }
  throw fault;
}

/** Asks for both families at once; what one found does not wait long for the other. */
function addresses(resolver: Resolver, name: string, family: 4 | 6 | undefined): Promise<readonly string[]> {
  const questions = [
    ...(family === 6 ? [] : [resolver.resolve4(name)]),
    ...(family === 4 ? [] : [resolver.resolve6(name)]),
  ];
  return new Promise((resolve, reject) => {
    const found: string[] = [];
    let fault: unknown;
    let open = questions.length;
    let timer: NodeJS.Timeout | undefined;
    const conclude = (): void => {
      clearTimeout(timer);
      if (found.length > 0) resolve(found);
      else reject(fault);
    };
    const settled = (): void => {
      open -= 1;
      if (open === 0) conclude();
      else if (found.length > 0) timer = setTimeout(conclude, otherFamilyMs);
    };
    for (const question of questions) {
      question.then(
        (answers) => {
          found.push(...answers);
          settled();
        },
        (error: unknown) => {
          // That a name has no address of one family says less than any other fault.
          fault = fault === undefined || codeOf(fault) === 'ENODATA' ? error : fault;
          settled();
        },
      );
    }
  });
}
