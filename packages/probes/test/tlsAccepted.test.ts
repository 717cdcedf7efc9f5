import { constants } from 'node:crypto';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, TLSSocket, type TlsOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { h2Probe, httpProbe, tlsProbe, transferProbe, websocketProbe } from '../src/index.ts';
import { certificate, crossSigned } from './support/certificates.ts';
import { listen, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

const host = 'localhost';

/** A TLS server that notes whatever it would log as an error. */
async function strict(options: TlsOptions, hear: (socket: TLSSocket) => void = () => undefined) {
  const errors: string[] = [];
  const server = createServer(options, (socket) => {
    socket.on('error', (error) => errors.push(String(error)));
    hear(socket.resume());
  });
  server.on('tlsClientError', (error) => errors.push(String(error)));
  return { ...(await listen(server)), errors };
}

describe('a TLS 1.3 server, which judges us after its own end of the handshake', () => {
  it('that wants a certificate fails where we have none, and where it refuses ours', async () => {
    const { key, cert } = await certificate(30);
    const foreign = await certificate(30, 'other.example');
    const served = await strict({ key, cert, ca: cert, requestCert: true, rejectUnauthorized: true });
    const ask = (tls: object) => tlsProbe({ host, port: served.port, tls: { ca: cert, ...tls } })(deadline());
    expect(await ask({})).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/^TLS handshake failed: .*certificate required/i),
    });
    expect(await ask(foreign)).toMatchObject({ status: 'fail' });
    expect(await ask({ key, cert })).toMatchObject({ status: 'pass', measured: { certificateDays: 29 } });
  });

  it('fails the last handshake of a script just so', async () => {
    const { key, cert } = await certificate(30);
    const served = await serve((socket) => {
      const options = { isServer: true, key, cert, ca: cert, requestCert: true, rejectUnauthorized: true };
      new TLSSocket(socket, options).on('error', () => undefined).resume();
    });
    const ask = (rest: object) => transferProbe({ host, port: served.port, tls: { ca: cert }, ...rest })(deadline());
    expect(await ask({ script: [{ startTls: true }] })).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/certificate required/i),
    });
    expect(await ask({ script: [{ startTls: true }], tls: { ca: cert, key, cert } })).toMatchObject({ status: 'pass' });
  });

  it('that closes at once refuses a certificate of ours, and nothing where we showed none', async () => {
    const { key, cert } = await certificate(30);
    const served = await strict({ key, cert, ca: cert, requestCert: true, rejectUnauthorized: false }, (socket) =>
      socket.end(),
    );
    const ask = (tls: object) => tlsProbe({ host, port: served.port, tls: { ca: cert, ...tls } })(deadline());
    expect(await ask({ key, cert })).toMatchObject({
      status: 'fail',
      detail: 'connection closed after the TLS handshake: certificate refused',
    });
    expect(await ask({})).toMatchObject({ status: 'pass' });
  });

  it('passes where it says nothing at all', async () => {
    const { key, cert } = await certificate(30);
    const served = await strict({ key, cert, secureOptions: constants.SSL_OP_NO_TICKET });
    const ask = (signal: AbortSignal) => tlsProbe({ host, port: served.port, tls: { ca: cert } })(signal);
    expect(await ask(deadline())).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['tlsProbe', (port: number, ca: string) => tlsProbe({ host, port, tls: { ca } })],
    ['tlsProbe, of a certificate it does not trust', (port: number) => tlsProbe({ host, port })],
    ['httpProbe, of a certificate it does not trust', (port: number) => httpProbe({ url: `https://${host}:${port}/` })],
    ['h2Probe, of a certificate it does not trust', (port: number) => h2Probe({ url: `h2://${host}:${port}/` })],
    [
      'websocketProbe, of a certificate it does not trust',
      (port: number) => websocketProbe({ url: `wss://${host}:${port}/` }),
    ],
  ])('has nothing to complain of when %s has left', async (_title, make) => {
    const { key, cert } = await certificate(30);
    const ends: string[] = [];
    const served = await strict({ key, cert, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) =>
      socket.on('end', () => ends.push('end')),
    );
    const checks = Array.from({ length: 20 }, () => make(served.port, cert)(deadline()));
    await Promise.all(checks);
    await until(() => served.open.size === 0);
    expect(served.errors).toEqual([]);
    expect(ends).toHaveLength(20);
  });

  it('has nothing to complain of after an answer over HTTP either', async () => {
    const { key, cert } = await certificate(30);
    const errors: string[] = [];
    const server = createHttpsServer({ key, cert }, (_request, response) => response.end('ok'));
    for (const event of ['tlsClientError', 'clientError']) {
      server.on(event, (error, socket) => {
        errors.push(`${event}: ${error}`);
        socket.destroy();
      });
    }
    server.on('secureConnection', (socket) => socket.on('error', (error) => errors.push(String(error))));
    const served = await listen(server);
    const probe = httpProbe({ url: `https://${host}:${served.port}/`, tls: { ca: cert } });
    for (let round = 0; round < 5; round += 1) {
      const verdicts = await Promise.all(Array.from({ length: 10 }, () => probe(deadline())));
      for (const verdict of verdicts) expect(verdict).toMatchObject({ status: 'pass' });
    }
    await until(() => served.open.size === 0);
    expect(errors).toEqual([]);
  });
});

describe('the certificates of a server', () => {
  it('count as far as they are on the verified path: an expired one beside it does not', async () => {
    const { key, root, chain } = await crossSigned();
    const served = await strict({ key, cert: chain });
    const to = { host, port: served.port, tls: { ca: root } };
    expect(await tlsProbe(to)(deadline())).toMatchObject({ status: 'pass', measured: { certificateDays: 29 } });
    expect(await tlsProbe({ ...to, warnDays: 40 })(deadline())).toMatchObject({
      detail: 'certificate ends in 29 days',
    });
    const web = await listen(createHttpsServer({ key, cert: chain }, (_request, response) => response.end()));
    const probe = httpProbe({ url: `https://${host}:${web.port}/`, tls: { ca: root }, certificateWarnDays: 7 });
    expect(await probe(deadline())).toMatchObject({ status: 'pass', measured: { certificateDays: 29 } });
    // Not trusted, there is no path, and all that was sent counts.
    expect(await tlsProbe({ host, port: served.port, verify: false })(deadline())).toMatchObject({
      status: 'fail',
      detail: 'certificate has ended',
    });
  });
});

describe('options of TLS', () => {
  it('ask for a name without the dot of the root, and verify it so', async () => {
    const { key, cert } = await certificate(30);
    const names: unknown[] = [];
    const served = await strict({ key, cert }, (socket) => names.push((socket as { servername?: unknown }).servername));
    const resolver = async () => ['127.0.0.1'];
    const to = { port: served.port, resolver, tls: { ca: cert } };
    expect(await tlsProbe({ ...to, host: 'localhost.' })(deadline())).toMatchObject({ status: 'pass' });
    const named = { ...to, host: 'elsewhere.test', tls: { ca: cert, servername: 'localhost.' } };
    expect(await tlsProbe(named)(deadline())).toMatchObject({ status: 'pass' });
    expect(names).toEqual(['localhost', 'localhost']);
    const address = { ...to, host: 'elsewhere.test', tls: { ca: cert, servername: '127.0.0.1' } };
    expect(await tlsProbe(address)(deadline())).toMatchObject({ status: 'pass' });
  });

  it('choose versions and ciphers', async () => {
    const { key, cert } = await certificate(30);
    const ciphers: string[] = [];
    const served = await strict({ key, cert, maxVersion: 'TLSv1.2' }, (socket) =>
      ciphers.push(socket.getCipher().name),
    );
    const ask = (tls: object) => tlsProbe({ host, port: served.port, tls: { ca: cert, ...tls } })(deadline());
    const cipher = 'ECDHE-ECDSA-AES128-GCM-SHA256';
    expect(await ask({ ciphers: cipher })).toMatchObject({ status: 'pass' });
    expect(ciphers).toEqual([cipher]);
    expect(await ask({ minVersion: 'TLSv1.3' })).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/^TLS handshake failed/),
    });
    for (const tls of [{ ciphers: 'NONE-OF-THESE' }, { minVersion: 'SSLv3' }, { cipher }]) {
      expect(() => tlsProbe({ host, port: 1, tls: tls as never })).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      );
    }
  });
});
