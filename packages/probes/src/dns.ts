import { Resolver } from 'node:dns/promises';
import type { Probe, Verdict } from '@watchkeeper/core';
import { egressRule } from '@watchkeeper/core/adapters';
import { oneOf, optional, positiveCount, positiveMs, text } from '@watchkeeper/core/options';
import { EgressDeniedError, TargetFault } from './check/errors.ts';
import { warnIfSlow } from './check/expectations.ts';
import { codeOf } from './check/networkErrors.ts';
import { redaction } from './check/redaction.ts';
import { probeOf } from './check/runCheck.ts';
import type { EgressPolicy } from './egress.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { either, listOf, pattern } from './options/rules.ts';
import { mostTries } from './socket/dnsResolver.ts';
import { addressOfServer, nameServer } from './socket/nameServers.ts';

export type DnsRecordType = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'PTR' | 'SOA' | 'SRV' | 'TXT' | 'CAA';

export interface DnsProbeOptions {
  /** The name to ask for. */
  readonly name: string;
  /** @default 'A' */
  readonly type?: DnsRecordType;
  /** The servers to ask, `address` or `address:port`. @default those of the system */
  readonly servers?: readonly string[];
  /**
   * Every one of these must be among the answers; each record is compared as zone files write it, with quotes or without:
   * `10 mail.example.org`, `0 issue "ca.example.net"`.
   */
  readonly expect?: readonly (string | RegExp)[];
  /** @default 1 */
  readonly minAnswers?: number;
  /**
   * How long to wait for an answer before asking again or the next server, in milliseconds: a lost datagram and a silent
   * first server cost no more. Each round waits twice as long as the one before, up to the deadline.
   * @default 300
   */
  readonly attemptMs?: number;
  /** A good answer that took longer than this many milliseconds warns. */
  readonly slowAfterMs?: number;
  /** Which servers may be asked; left out, all. */
  readonly egress?: EgressPolicy;
}

type Settings = Resolved<DnsProbeOptions, 'name' | 'type' | 'minAnswers' | 'attemptMs'>;

const rules = {
  name: text,
  type: oneOf('A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT', 'CAA'),
  servers: optional(listOf(nameServer)),
  expect: optional(listOf(either(text, pattern))),
  minAnswers: positiveCount,
  attemptMs: positiveMs,
  slowAfterMs: optional(positiveMs),
  egress: optional(egressRule),
};

const faults: Readonly<Record<string, string>> = {
  ENOTFOUND: 'name does not exist',
  ENODATA: 'name has no such record',
  ESERVFAIL: 'server failure',
  EREFUSED: 'server refused the question',
  EFORMERR: 'server did not understand the question',
  ENOTIMP: 'server does not implement the question',
  EBADRESP: 'server gave a malformed answer',
  ETIMEOUT: 'server did not answer',
  ECONNREFUSED: 'connection refused',
};

/**
 * Asks name servers for a record. The name servers are the target here, so an unknown name fails.
 *
 * @throws `InvalidOptionError` naming the first bad option.
 * @example
 * ```ts
 * import { dnsProbe } from '@watchkeeper/probes/dns';
 *
 * export const zone = dnsProbe({ name: 'example.org', type: 'MX', servers: ['192.0.2.53'], expect: [/mail\./] });
 * ```
 */
export function dnsProbe(options: DnsProbeOptions): Probe {
  const settings = resolveProbeOptions<Settings>(
    'dnsProbe',
    rules,
    { type: 'A', minAnswers: 1, attemptMs: 300 },
    options,
  );
  const { name, type, servers } = settings;
  const host = servers === undefined ? undefined : addressOfServer(servers[0] ?? '');
  const label = `dns:${name}/${type}`;
  return probeOf({ name: label, host, redact: redaction(), unresolved: 'throw' }, async (check) => {
    const resolver = new Resolver({ timeout: settings.attemptMs, tries: mostTries });
    check.defer(() => resolver.cancel());
    if (servers) resolver.setServers(servers);
    for (const asked of resolver.getServers()) {
      if (settings.egress?.permits(addressOfServer(asked)) === false) throw new EgressDeniedError(asked);
    }
    check.phase('waiting for the answer');
    const answers = (await resolve(resolver, name, type)).map(textsOf);
    return warnIfSlow(judge(answers, settings), check.elapsedMs(), settings.slowAfterMs);
  });
}

async function resolve(resolver: Resolver, name: string, type: DnsRecordType): Promise<unknown[]> {
  try {
    return [await resolver.resolve(name, type)].flat();
  } catch (error) {
    const fault = faults[codeOf(error)];
    throw fault === undefined ? error : new TargetFault(`${name}: ${fault}`);
  }
}

function judge(answers: readonly (readonly string[])[], { expect = [], minAnswers }: Settings): Verdict {
  const measured = { answers: answers.length };
  if (answers.length < minAnswers) {
    return { status: 'fail', detail: `expected ${minAnswers} answers, got ${answers.length}`, measured };
  }
  for (const expected of expect) {
    const met = answers
      .flat()
      .some((one) => (typeof expected === 'string' ? one === expected : one.search(expected) >= 0));
    const got = answers.map(([text]) => text).join(', ');
    if (!met) return { status: 'fail', detail: `no answer is ${expected}; got ${got}`, measured };
  }
  return { status: 'pass', measured };
}

/** Returns the ways to write a record as zone files do, without a dot at the end: `10 mail.example.org`. */
function textsOf(record: unknown): readonly string[] {
  if (typeof record !== 'object' || record === null) return [String(record)];
  if (Array.isArray(record)) return [record.join(''), record.map(quoted).join(' ')];
  const { type, ...fields } = record as Record<string, unknown>;
  if (type === 'CAA' || 'critical' in fields) return caaTexts(fields);
  if ('exchange' in fields) return [`${fields['priority']} ${fields['exchange']}`];
  if ('weight' in fields) return [`${fields['priority']} ${fields['weight']} ${fields['port']} ${fields['name']}`];
  return [Object.values(fields).join(' ')];
}

/** A CAA record: its flags, its tag and its value (RFC 8659 4.1). Node gives the value under the name of the tag. */
function caaTexts({ critical, ...property }: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(property).flatMap(([tag, value]) => [
    `${critical} ${tag} ${value}`,
    `${critical} ${tag} ${quoted(value)}`,
  ]);
}

function quoted(text: unknown): string {
  return `"${text}"`;
}

export { type DnsResolverOptions, dnsResolver } from './socket/dnsResolver.ts';
