import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dnsProbe, dnsResolver, tcpProbe } from '../src/index.ts';
import { addressesInHosts, candidateNames } from '../src/socket/resolverFiles.ts';
import { closedUdpPort, dnsAnswer, serveDatagrams } from './support/datagrams.ts';
import { misbehaviours, serve } from './support/tcpServers.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';
import { deadline, until } from './support/waiting.ts';

/** The name in the question of a query. */
function nameIn(query: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; query[at] !== 0; at += (query[at] ?? 0) + 1) {
    labels.push(query.toString('latin1', at + 1, at + 1 + (query[at] ?? 0)));
  }
  return labels.join('.').toLowerCase();
}

/** Answers questions for IPv4 addresses of the names it has; any other name does not exist. */
async function nameServer(names: Readonly<Record<string, readonly number[]>>) {
  const asked: string[] = [];
  const { port } = await serveDatagrams((query, from, socket) => {
    const name = nameIn(query);
    const isForIpv4 = query.readUInt16BE(query.indexOf(0, 12) + 1) === 1;
    if (isForIpv4) asked.push(name);
    const found = names[name];
    const records = found && isForIpv4 ? [Buffer.from(found)] : [];
    socket.send(dnsAnswer(query, 'A', records, found ? 0 : 3), from.port, from.address);
  });
  return { asked, servers: [`127.0.0.1:${port}`] };
}

async function files(hosts: string, resolv: string) {
  const folder = await temporaryFolder();
  const hostsFile = join(folder, 'hosts');
  const resolvFile = join(folder, 'resolv.conf');
  await Promise.all([writeFile(hostsFile, hosts), writeFile(resolvFile, resolv)]);
  return { hostsFile, resolvFile };
}

const any = { family: undefined, signal: new AbortController().signal };

describe('dnsResolver', () => {
  it('asks name servers, and dials what they say', async () => {
    const { servers } = await nameServer({ 'db.test': [127, 0, 0, 1] });
    const served = await serve(misbehaviours.blackHole);
    const to = { port: served.port, resolver: dnsResolver({ servers }) };
    expect(await tcpProbe({ ...to, host: 'db.test' })(deadline())).toMatchObject({ status: 'pass' });
    await expect(tcpProbe({ ...to, host: 'nowhere.test' })(deadline())).rejects.toMatchObject({
      code: 'CHECK_BROKEN',
      message: 'cannot resolve nowhere.test (ENOTFOUND)',
    });
  });

  it('knows the hosts file, whose lines go before any server', async () => {
    const given = await files('127.0.0.9 db.test db # ours\n::1\tDB.test\n# 127.0.0.8 gone\n', '');
    const resolve = dnsResolver({ servers: [`127.0.0.1:${await closedUdpPort()}`], ...given });
    expect(await resolve('db', any)).toEqual(['127.0.0.9']);
    expect(await resolve('Db.Test.', any)).toEqual(['127.0.0.9', '::1']);
    expect(await resolve('db.test', { ...any, family: 6 })).toEqual(['::1']);
    expect(await resolve('localhost', any)).toEqual(['127.0.0.1', '::1']);
    expect(await resolve('a.localhost', { ...any, family: 4 })).toEqual(['127.0.0.1']);
    await expect(resolve('gone', any)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('looks a short name up in the search list, and asks no further once it is found', async () => {
    const given = await files('', 'search first.test second.test\noptions ndots:2 rotate\n');
    const { asked, servers } = await nameServer({ 'db.second.test': [127, 0, 0, 3], 'a.b.test': [127, 0, 0, 4] });
    const resolve = dnsResolver({ servers, ...given });
    expect(await resolve('db', any)).toEqual(['127.0.0.3']);
    expect(await resolve('a.b.test', any)).toEqual(['127.0.0.4']);
    expect(asked).toEqual(['db.first.test', 'db.second.test', 'a.b.test']);
  });

  it('survives a lost datagram and a silent first server', async () => {
    const silent = await serveDatagrams(() => undefined);
    const { servers } = await nameServer({ 'db.test': [127, 0, 0, 1] });
    const resolve = dnsResolver({ servers: [`127.0.0.1:${silent.port}`, ...servers], attemptMs: 20 });
    expect(await resolve('db.test', any)).toEqual(['127.0.0.1']);
  });

  it('ends at once when the check does, and frees its sockets', async () => {
    const heard: Buffer[] = [];
    const silent = await serveDatagrams((query) => heard.push(query));
    const resolver = dnsResolver({ servers: [`127.0.0.1:${silent.port}`], attemptMs: 60_000 });
    const before = udpHandles();
    const abort = new AbortController();
    const running = tcpProbe({ host: 'db.test', port: 9, resolver })(abort.signal);
    await until(() => heard.length > 0);
    abort.abort(new DOMException('too late', 'TimeoutError'));
    expect(await running).toMatchObject({ status: 'fail', detail: 'timed out while resolving the name' });
    await until(() => udpHandles() <= before);
  });

  it('refuses what is no option', () => {
    for (const options of [{ servers: ['ns.test'] }, { attemptMs: 0 }, { hostFile: '/a' }]) {
      expect(() => dnsResolver(options as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    }
  });
});

describe('dnsProbe', () => {
  it('asks again when a datagram was lost, and the next server when one is silent', async () => {
    let heard = 0;
    const lossy = await serveDatagrams((query, from, socket) => {
      heard += 1;
      if (heard > 1) socket.send(dnsAnswer(query, 'A', [Buffer.from([192, 0, 2, 1])]), from.port, from.address);
    });
    const ask = (servers: string[]) => dnsProbe({ name: 'a.test', servers, attemptMs: 30 })(deadline());
    expect(await ask([`127.0.0.1:${lossy.port}`])).toMatchObject({ status: 'pass' });
    const silent = await serveDatagrams(() => undefined);
    expect(await ask([`127.0.0.1:${silent.port}`, `127.0.0.1:${lossy.port}`])).toMatchObject({ status: 'pass' });
  });
});

describe('the names to ask for', () => {
  it.each([
    ['db', { search: ['a.test', 'b.test.'], ndots: 1 }, ['db.a.test', 'db.b.test', 'db']],
    ['db.x', { search: ['a.test'], ndots: 1 }, ['db.x', 'db.x.a.test']],
    ['db.x', { search: ['a.test'], ndots: 5 }, ['db.x.a.test', 'db.x']],
    ['db.x.', { search: ['a.test'], ndots: 5 }, ['db.x']],
    ['db', { search: [], ndots: 1 }, ['db']],
    ['db', { search: ['.'], ndots: 1 }, ['db']],
  ])('of %s with %o are %o', (host, files, names) => {
    expect(candidateNames(host, files)).toEqual(names);
  });

  it('are looked up in any hosts file without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 1 }), (hosts, host) => {
        expect(Array.isArray(addressesInHosts(hosts, host, undefined))).toBe(true);
      }),
    );
  });
});

function udpHandles(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap').length;
}
