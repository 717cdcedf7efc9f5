import { createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { egressPolicy } from '../src/egress.ts';
import { tlsProbe } from '../src/tls.ts';
import { certificate } from './support/certificates.ts';
import { listen, misbehaviours, refusedPort, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

const host = 'localhost';

async function secured(days: number, name?: string) {
  const { key, cert } = await certificate(days, name);
  const server = createServer({ key, cert }, (socket) => socket.on('error', () => undefined).resume());
  server.on('tlsClientError', () => undefined);
  return { ...(await listen(server)), tls: { ca: cert } };
}

describe('tlsProbe', () => {
  it('passes a trusted certificate that lasts, warns and fails as its end comes near', async () => {
    const { port, tls, open } = await secured(30);
    expect(await tlsProbe({ host, port, tls })(deadline())).toMatchObject({
      status: 'pass',
      measured: { certificateDays: 29 },
    });
    expect(await tlsProbe({ host, port, tls, warnDays: 40 })(deadline())).toMatchObject({
      status: 'warn',
      detail: 'certificate ends in 29 days',
    });
    expect(await tlsProbe({ host, port, tls, warnDays: 40, failDays: 35 })(deadline())).toMatchObject({
      status: 'fail',
    });
    await until(() => open.size === 0);
  });

  it('fails what it cannot trust, and judges only the dates on request', async () => {
    const untrusted = await secured(30);
    const foreign = await secured(30, 'other.example');
    const ended = await secured(-1);
    const ask = ({ port, tls }: typeof ended, rest: object) => tlsProbe({ host, port, tls, ...rest })(deadline());
    expect(await tlsProbe({ host, port: untrusted.port })(deadline())).toMatchObject({
      status: 'fail',
      detail: 'certificate not trusted: DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(await ask(foreign, {})).toMatchObject({ detail: 'certificate not trusted: ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(await ask(foreign, { verify: false })).toMatchObject({ status: 'pass' });
    expect(await ask(ended, {})).toMatchObject({ detail: 'certificate not trusted: CERT_HAS_EXPIRED' });
    expect(await ask(ended, { verify: false })).toMatchObject({ status: 'fail', detail: 'certificate has ended' });
  });

  it('verifies an address against the addresses of the certificate', async () => {
    const { port, tls } = await secured(30);
    expect(await tlsProbe({ host: '127.0.0.1', port, tls })(deadline())).toMatchObject({ status: 'pass' });
  });

  it('fails refusal, plain text, a hang-up and a reset', async () => {
    expect(await tlsProbe({ host, port: await refusedPort() })(deadline())).toMatchObject({
      detail: 'connection refused',
    });
    for (const behave of [misbehaviours.say('SSH-2.0-x\r\n'), misbehaviours.hangUp, misbehaviours.resetAfter('')]) {
      const { port } = await serve(behave);
      expect(await tlsProbe({ host, port })(deadline())).toMatchObject({ status: 'fail', detail: expect.any(String) });
    }
  });

  it('is cut at the deadline in a handshake that nobody answers', async () => {
    const { port, open } = await serve(misbehaviours.blackHole);
    expect(await tlsProbe({ host, port })(deadline(120))).toMatchObject({ detail: 'timed out while shaking hands' });
    await until(() => open.size === 0);
  });

  it('breaks the check on an unknown name and a denied address', async () => {
    await expect(tlsProbe({ host: 'nowhere.invalid', port: 1 })(deadline())).rejects.toMatchObject({
      code: 'CHECK_BROKEN',
    });
    const egress = egressPolicy({ deny: ['internal'] });
    await expect(tlsProbe({ host, port: 1, egress })(deadline())).rejects.toMatchObject({ code: 'EGRESS_DENIED' });
  });
});
