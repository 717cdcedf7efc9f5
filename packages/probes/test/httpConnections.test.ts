import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { describe, expect, it } from 'vitest';
import { type HttpProbeOptions, httpProbe } from '../src/http.ts';
import { certificate } from './support/certificates.ts';
import { listen, misbehaviours, type Served, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

type Rest = Omit<HttpProbeOptions, 'url'>;

const site = (listener: RequestListener): Promise<Served> => listen(createServer(listener));
const answering = (status: number): Promise<Served> => site((_request, response) => response.writeHead(status).end());
const ask = ({ port }: Served) => httpProbe({ url: `http://127.0.0.1:${port}/health` })(deadline());

describe('httpProbe, TLS', () => {
  const secureSite = async (days: number, name?: string): Promise<Served & { cert: string }> => {
    const { key, cert } = await certificate(days, name);
    const served = await listen(createTlsServer({ key, cert }, (_request, response) => response.end('ok')));
    return { ...served, cert };
  };
  const askSecurely = ({ port }: Served, rest: Rest = {}) =>
    httpProbe({ url: `https://localhost:${port}/`, ...rest })(deadline());

  it('passes a trusted certificate and measures its days', async () => {
    const served = await secureSite(30);
    expect(await askSecurely(served, { tls: { ca: served.cert } })).toMatchObject({
      status: 'pass',
      measured: { certificateDays: 29 },
    });
    await until(() => served.open.size === 0);
  });

  it('warns about a certificate that ends soon', async () => {
    const served = await secureSite(5);
    const tls = { ca: served.cert };
    expect(await askSecurely(served, { tls, certificateWarnDays: 14 })).toMatchObject({
      status: 'warn',
      detail: 'certificate ends in 4 days',
    });
    expect(await askSecurely(served, { tls, certificateWarnDays: 3 })).toMatchObject({ status: 'pass' });
  });

  it('fails an untrusted, an expired and a foreign certificate; passes them on request (INV-69)', async () => {
    const untrusted = await secureSite(30);
    const expired = await secureSite(-1);
    const foreign = await secureSite(30, 'other.example');
    const cases: [Served, Rest, string][] = [
      [untrusted, {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      [expired, { tls: { ca: expired.cert } }, 'CERT_HAS_EXPIRED'],
      [foreign, { tls: { ca: foreign.cert } }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ];
    for (const [served, rest, code] of cases) {
      const detail = `certificate not trusted: ${code}`;
      expect(await askSecurely(served, rest)).toMatchObject({ status: 'fail', detail });
      expect(await askSecurely(served, { ...rest, untrusted: 'pass' })).toMatchObject({ status: 'pass', detail });
    }
  });

  it('fails when the port speaks plain HTTP', async () => {
    const served = await answering(200);
    expect(await askSecurely(served)).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/^(TLS handshake failed|connection closed during the TLS handshake)/),
    });
  });

  it('is cut at the deadline in a handshake that nobody answers', async () => {
    const served = await serve(misbehaviours.blackHole);
    expect(await httpProbe({ url: `https://127.0.0.1:${served.port}` })(deadline(120))).toMatchObject({
      status: 'fail',
      detail: 'timed out while shaking hands',
    });
    await until(() => served.open.size === 0);
  });
});

describe('httpProbe, connections', () => {
  it('dials anew for each check and leaves nothing open', async () => {
    const served = await answering(200);
    for (let round = 0; round < 3; round += 1) await ask(served);
    await until(() => served.open.size === 0);
    expect(served.accepted()).toBe(3);
  });

  it('keeps a connection for the next check on request, and gives it up when idle', async () => {
    const served = await answering(200);
    const probe = httpProbe({ url: `http://127.0.0.1:${served.port}`, keepAliveMs: 50 });
    for (let round = 0; round < 5; round += 1) expect(await probe(deadline())).toMatchObject({ status: 'pass' });
    expect(served.accepted()).toBe(1);
    await until(() => served.open.size === 0);
  });

  it('never blames the target for a kept connection that was closed meanwhile', async () => {
    const served = await answering(200);
    const probe = httpProbe({ url: `http://127.0.0.1:${served.port}`, keepAliveMs: 60_000 });
    for (let round = 0; round < 5; round += 1) {
      expect(await probe(deadline())).toMatchObject({ status: 'pass' });
      for (const socket of served.open) socket.destroy();
    }
    expect(served.accepted()).toBe(5);
  });

  it('dials anew once it has noticed that a kept connection was closed', async () => {
    const served = await answering(200);
    const probe = httpProbe({ url: `http://127.0.0.1:${served.port}`, keepAliveMs: 60_000 });
    await probe(deadline());
    for (const socket of served.open) socket.destroy();
    await until(() => served.open.size === 0);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(await probe(deadline())).toMatchObject({ status: 'pass' });
    expect(served.accepted()).toBe(2);
  });

  it('frees a kept connection when a later check over it is aborted', async () => {
    let answers = 0;
    const served = await site((_request, response) => {
      if (answers++ === 0) response.end();
    });
    const probe = httpProbe({ url: `http://127.0.0.1:${served.port}`, keepAliveMs: 60_000 });
    await probe(deadline());
    expect(await probe(deadline(120))).toMatchObject({ status: 'fail' });
    await until(() => served.open.size === 0);
    expect(served.accepted()).toBe(1);
  });
});
