import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { describeTargetFault, wordsOf } from '../src/check/networkErrors.ts';
import { egressPolicy, fromUrl, httpProbe, tcpProbe, udpProbe } from '../src/index.ts';
import { serveDatagrams } from './support/datagrams.ts';
import { synBlackHole } from './support/synBlackHole.ts';
import { listen, misbehaviours, refusedPort, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

const code = (name: string, message = '') => Object.assign(new Error(message), { code: name });
const failed = (...errors: Error[]) => new AggregateError(errors);

describe('the addresses of a target', () => {
  it.each([
    ['one after the other', ['127.0.0.2', '127.0.0.3', '127.0.0.1']],
    ['of both families', ['::1', '127.0.0.1']],
    ['twice', ['127.0.0.1', '127.0.0.1']],
  ])('are all tried, %s, and one that connects is enough', async (_title, addresses) => {
    const served = await serve(misbehaviours.blackHole);
    const probe = tcpProbe({ host: 'db.test', port: served.port, resolver: async () => addresses });
    expect(await probe(deadline())).toMatchObject({ status: 'pass' });
    await until(() => served.open.size === 0);
    expect(served.accepted()).toBe(1);
  });

  it('fail together, in the words of all, each once', async () => {
    const port = await refusedPort();
    const resolver = async () => ['127.0.0.1', '127.0.0.2', '::1'];
    expect(await tcpProbe({ host: 'db.test', port, resolver })(deadline())).toMatchObject({
      status: 'fail',
      detail: 'connection refused',
    });
  });

  it('that are denied are not tried, and a name of which all are breaks the check', async () => {
    const served = await serve(misbehaviours.blackHole);
    const probe = (allow: string[]) =>
      tcpProbe({
        host: 'db.test',
        port: served.port,
        resolver: async () => ['127.0.0.1', '127.0.0.2'],
        egress: egressPolicy({ allow }),
      })(deadline());
    expect(await probe(['127.0.0.1'])).toMatchObject({ status: 'pass' });
    expect(await probe(['127.0.0.2'])).toMatchObject({ status: 'fail', detail: 'connection refused' });
    await expect(probe(['10.0.0.0/8'])).rejects.toMatchObject({ code: 'EGRESS_DENIED', host: 'db.test' });
    expect(served.accepted()).toBe(1);
  });

  it('are those of the family that is asked for', async () => {
    const served = await serve(misbehaviours.blackHole);
    const families: unknown[] = [];
    const resolver = async (_host: string, { family }: { family: unknown }) => {
      families.push(family);
      return ['::1', '127.0.0.1'];
    };
    const to = { host: 'db.test', port: served.port, resolver };
    expect(await tcpProbe({ ...to, family: 4 })(deadline())).toMatchObject({ status: 'pass' });
    expect(await tcpProbe({ ...to, family: 6 })(deadline())).toMatchObject({ status: 'fail' });
    expect(families).toEqual([4, 6]);
  });

  it.each<[string, unknown]>([
    ['no list', 7],
    ['a name', ['elsewhere.test']],
    ['an address with a port', ['127.0.0.1:80']],
    ['objects', [{ address: '127.0.0.1' }]],
  ])('break the check where a resolver answers with %s', async (_title, answer) => {
    const probe = tcpProbe({ host: 'db.test', port: 9, resolver: async () => answer as never });
    await expect(probe(deadline())).rejects.toMatchObject({ code: 'CHECK_BROKEN' });
  });

  it('are none where a resolver finds none, which is a name that does not resolve', async () => {
    const to = { host: 'db.test', port: 9, resolver: async () => [] };
    await expect(tcpProbe(to)(deadline())).rejects.toThrow('cannot resolve db.test (ENOTFOUND)');
    expect(await httpProbe({ url: 'http://db.test/', resolver: to.resolver })(deadline())).toMatchObject({
      status: 'fail',
      detail: 'cannot resolve db.test (ENOTFOUND)',
    });
  });

  it('may be pinned, while requests name the host', async () => {
    const hosts: unknown[] = [];
    const served = await listen(
      createHttpServer((request, response) => {
        hosts.push(request.headers.host);
        response.end();
      }),
    );
    const url = `http://shop.test:${served.port}/`;
    expect(await httpProbe({ url, address: '127.0.0.1' })(deadline())).toMatchObject({ status: 'pass' });
    expect(await fromUrl(url, { resolver: async () => ['127.0.0.1'] })(deadline())).toMatchObject({ status: 'pass' });
    expect(hosts).toEqual([`shop.test:${served.port}`, `shop.test:${served.port}`]);
    const egress = egressPolicy({ deny: ['internal'] });
    await expect(httpProbe({ url, address: '127.0.0.1', egress })(deadline())).rejects.toMatchObject({
      code: 'EGRESS_DENIED',
    });
    expect(() => httpProbe({ url, address: 'shop.test' })).toThrow(
      expect.objectContaining({ option: 'httpProbe.address' }),
    );
    expect(() => tcpProbe({ host: 'a', port: 1, resolver: 'dnssec' as never })).toThrow(
      expect.objectContaining({ option: 'tcpProbe.resolver' }),
    );
  });

  it('of a UDP target are the first of each family, and an answer of one is enough', async () => {
    const { port } = await serveDatagrams((message, from, socket) => socket.send(message, from.port, from.address));
    const to = { host: 'ns.test', port, resolver: async () => ['::1', '127.0.0.1'], send: 'ping' };
    expect(await udpProbe({ ...to, expect: 'ping' })(deadline())).toMatchObject({ status: 'pass' });
    expect(await udpProbe({ ...to, host: 'localhost', resolver: 'system', expect: 'ping' })(deadline())).toMatchObject({
      status: 'pass',
    });
    const silent = await serveDatagrams(() => undefined);
    expect(await udpProbe({ ...to, port: silent.port, quietMs: 20 })(deadline())).toMatchObject({ status: 'pass' });
    expect(await udpProbe({ ...to, family: 6 })(deadline())).toMatchObject({
      status: 'fail',
      detail: 'connection refused',
    });
  });
});

describe('an address that takes its time', () => {
  let hole: Awaited<ReturnType<typeof synBlackHole>>;
  beforeAll(async () => {
    hole = await synBlackHole();
  });
  afterAll(() => hole.close());

  it('does not keep the next from connecting', async ({ skip }) => {
    const { port } = hole;
    if (port === undefined) return skip('this kernel answers SYN although the queue of the listener is full');
    const good = createServer((socket) => socket.on('error', () => undefined).resume());
    good.listen(port, '127.0.0.2');
    await once(good, 'listening');
    try {
      const resolver = async () => ['127.0.0.1', '127.0.0.2'];
      expect(await tcpProbe({ host: 'db.test', port, resolver })(deadline())).toMatchObject({ status: 'pass' });
    } finally {
      good.close();
    }
  });

  it('still connects after the others have failed', async ({ skip }) => {
    const { port, open, close } = await synBlackHole();
    onTestFinished(close);
    if (port === undefined) return skip('this kernel answers SYN although the queue of the listener is full');
    const resolver = async () => ['127.0.0.1', '127.0.0.2'];
    const running = tcpProbe({ host: 'db.test', port, resolver })(deadline(60_000));
    // Long enough for the other to be tried, and refused.
    await new Promise((resolve) => setTimeout(resolve, 400));
    open();
    expect(await running).toMatchObject({ status: 'pass' });
  });
});

describe('the errors of several addresses', () => {
  it.each([
    [[code('ECONNREFUSED'), code('ECONNREFUSED')], 'connection refused'],
    [[code('ENETUNREACH'), code('ECONNREFUSED')], 'connection refused'],
    [[code('ECONNREFUSED'), code('ENETUNREACH'), code('EADDRNOTAVAIL')], 'connection refused'],
    [[code('EHOSTUNREACH'), code('ECONNREFUSED')], 'host unreachable, connection refused'],
    [[code('ECONNREFUSED'), code('EACCES')], undefined],
    [[code('EMFILE'), code('ECONNREFUSED')], undefined],
    [[code('ENETUNREACH')], undefined],
    [[], undefined],
  ])('%o are together the fault %j', (errors, fault) => {
    expect(describeTargetFault(failed(...errors))).toBe(fault);
  });

  it('have words in every case', () => {
    expect(wordsOf(failed(code('EACCES', 'not permitted'), code('EMFILE')))).toBe('not permitted, EMFILE');
    expect(wordsOf(failed())).toBe('an error without words');
    expect(wordsOf(code('EMFILE'))).toBe('EMFILE');
    const circular = failed();
    circular.errors = [circular];
    expect(wordsOf(circular)).toBe('an error without words');
    expect(describeTargetFault(circular)).toBeUndefined();
    expect(wordsOf(Object.assign(failed(), { errors: 7 }))).toBe('an error without words');
  });
});
