import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** What a resolver reads before it asks anybody. */
export interface ResolverFiles {
  /** The lines of the hosts file. */
  readonly hosts: string;
  /** Domains in which a short name is looked for. */
  readonly search: readonly string[];
  /** From how many dots on a name is first taken as it stands. */
  readonly ndots: number;
}

/** The largest hosts or configuration file that is read, in characters; the rest is left out. */
const longestFile = 4_194_304;

/** Reads both files; one that is missing or may not be read is empty. */
export async function readResolverFiles(hostsFile: string, resolvFile: string): Promise<ResolverFiles> {
  const read = (path: string) =>
    readFile(path, 'utf8').then(
      (all) => all.slice(0, longestFile),
      () => '',
    );
  const [hosts, configuration] = await Promise.all([read(hostsFile), read(resolvFile)]);
  return { hosts, ...searchOf(configuration) };
}

/** Reads `search`, `domain` and `options ndots:` of resolv.conf(5); the last of each counts. */
function searchOf(configuration: string): { search: readonly string[]; ndots: number } {
  let search: readonly string[] = [];
  let ndots = 1;
  for (const line of configuration.split('\n')) {
    const [keyword, ...values] = line.trim().split(/\s+/);
    if (keyword === 'search') search = values;
    else if (keyword === 'domain') search = values.slice(0, 1);
    else if (keyword === 'options') {
      const given = values.map((value) => /^ndots:(\d{1,2})$/.exec(value)?.[1]).findLast((one) => one !== undefined);
      if (given !== undefined) ndots = Math.min(15, Number(given));
    }
  }
  return { search, ndots };
}

/** Returns the names to ask for, in order: with the search list, and as it stands; a dot at the end forbids the list. */
export function candidateNames(host: string, { search, ndots }: Omit<ResolverFiles, 'hosts'>): readonly string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)];
  const inDomains = search.filter((domain) => domain !== '.').map((domain) => `${host}.${domain.replace(/\.$/, '')}`);
  const dots = host.split('.').length - 1;
  return dots >= ndots ? [host, ...inDomains] : [...inDomains, host];
}

/** Returns the addresses of a host in the hosts file; `localhost` and what ends in it is loopback also without a line. */
export function addressesInHosts(hosts: string, host: string, family: 4 | 6 | undefined): readonly string[] {
  const wanted = host.replace(/\.$/, '').toLowerCase();
  const found = hosts.toLowerCase().includes(wanted) ? linesWith(hosts, wanted) : [];
  const isLocal = wanted === 'localhost' || wanted.endsWith('.localhost');
  const known = found.length === 0 && isLocal ? ['127.0.0.1', '::1'] : found;
  return known.filter((address) => family === undefined || isIP(address) === family);
}

function linesWith(hosts: string, wanted: string): readonly string[] {
  return hosts.split('\n').flatMap((line) => {
    const [address = '', ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    return isIP(address) !== 0 && names.some((name) => name.toLowerCase() === wanted) ? [address] : [];
  });
}
