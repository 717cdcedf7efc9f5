import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Probe, Verdict } from '@watchkeeper/core';
import { oneOf, optional, positiveCount, positiveMs, type Rule, text } from '@watchkeeper/core/options';
import { TargetFault } from './check/errors.ts';
import { warnIfSlow } from './check/expectations.ts';
import { codeOf } from './check/networkErrors.ts';
import { redaction } from './check/redaction.ts';
import { probeOf } from './check/runCheck.ts';
import type { EgressPolicy } from './egress.ts';
import { type Resolved, resolveProbeOptions } from './options/resolveProbeOptions.ts';
import { either, listOf, pattern } from './options/rules.ts';
import { egressRule, guardAddress } from './socket/egressGuard.ts';

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
  /** A good answer that took longer than this many milliseconds warns. */
  readonly slowAfterMs?: number;
  /** Which servers may be asked; left out, all. */
  readonly egress?: EgressPolicy;
}

type Settings = Resolved<DnsProbeOptions, 'name' | 'type' | 'minAnswers'>;

const server: Rule<string> = {
  is: 'an IP address, with a port or without: 192.0.2.1, 192.0.2.1:53, [2001:db8::1]:53',
  accepts: (value): value is string => typeof value === 'string' && isIP(addressOf(value)) !== 0,
};

const rules = {
  name: text,
  type: oneOf('A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT', 'CAA'),
  servers: optional(listOf(server)),
  expect: optional(listOf(either(text, pattern))),
  minAnswers: positiveCount,
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
  const settings = resolveProbeOptions<Settings>('dnsProbe', rules, { type: 'A', minAnswers: 1 }, options);
  const { name, type, servers } = settings;
  const host = servers === undefined ? undefined : addressOf(servers[0] ?? '');
  const label = `dns:${name}/${type}`;
  return probeOf({ name: label, host, redact: redaction(), unresolved: 'throw' }, async (check) => {
    const resolver = new Resolver();
    check.defer(() => resolver.cancel());
    if (servers) resolver.setServers(servers);
    for (const asked of resolver.getServers()) guardAddress(addressOf(asked), settings.egress);
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

function addressOf(server: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(server)?.[1] ?? /^([\d.]+):\d+$/.exec(server)?.[1] ?? server;
}
