import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { egressPolicy } from '../src/egress.ts';
import { type TransferProbeOptions, transferProbe } from '../src/transfer.ts';
import { certificate } from './support/certificates.ts';
import { misbehaviours, refusedPort, type Served, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

type Rest = Omit<TransferProbeOptions, 'host' | 'port'>;
const host = '127.0.0.1';
const ask = ({ port }: Served, rest: Rest = {}, signal = deadline()) => transferProbe({ host, port, ...rest })(signal);
const resetAtOnce = (socket: Socket): void => void socket.resetAndDestroy();

describe('transferProbe without a script', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['a banner', (socket) => socket.resume().write('220 ready\r\n')],
    ['an orderly end', misbehaviours.hangUp],
    ['silence', misbehaviours.blackHole],
  ])('passes %s and closes its socket (INV-50, INV-49)', async (_title, behave) => {
    const served = await serve(behave);
    expect(await ask(served, { quietMs: 30 })).toMatchObject({ status: 'pass' });
    await until(() => served.open.size === 0);
  });

  it('fails refusal and reset (INV-50)', async () => {
    expect(await transferProbe({ host, port: await refusedPort() })(deadline())).toMatchObject({
      status: 'fail',
      detail: 'connection refused',
    });
    expect(await ask(await serve(resetAtOnce))).toMatchObject({ status: 'fail', detail: 'connection reset' });
    const later = await serve((socket) => {
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    expect(await ask(later, { quietMs: 5_000 })).toMatchObject({ status: 'fail', detail: 'connection reset' });
  });

  it('passes silence when the deadline comes before the end of the quiet time (INV-50)', async () => {
    const served = await serve(misbehaviours.blackHole);
    expect(await ask(served, { quietMs: 60_000 }, deadline(120))).toMatchObject({ status: 'pass' });
    await until(() => served.open.size === 0);
  });

  it('does not pass when it was told to stop', async () => {
    const served = await serve(misbehaviours.blackHole);
    const abort = new AbortController();
    const running = ask(served, { quietMs: 60_000 }, abort.signal);
    await until(() => served.open.size === 1);
    abort.abort();
    expect(await running).toMatchObject({ status: 'fail', detail: expect.stringMatching(/^aborted/) });
    await until(() => served.open.size === 0);
  });
});

describe('transferProbe that measures', () => {
  const answering = (socket: Socket): void => {
    socket.once('data', (question) => {
      socket.write(`re: ${question}`.padEnd(1_000, '.'));
      setTimeout(() => socket.end('.'.repeat(1_000)), 40);
    });
  };

  it('sends, and says how fast the answer came', async () => {
    const served = await serve(answering);
    for (const minimum of [{ minBytes: 2_000 }, { minBytesPerSecond: 1 }, { minBytes: 2_000, minBytesPerSecond: 1 }]) {
      const verdict = await ask(served, { send: 'question', quietMs: 5_000, ...minimum });
      expect(verdict).toMatchObject({ status: 'pass', measured: { bytes: 2_000 } });
      // 2000 bytes in no less than the pause between them.
      expect(verdict.measured?.['bytesPerSecond']).toBeLessThan(60_000);
      expect(verdict.measured?.['bytesPerSecond']).toBeGreaterThan(0);
    }
  });

  it('fails what comes too slowly, or not at all', async () => {
    const served = await serve(answering);
    expect(await ask(served, { send: 'question', minBytes: 2_000, minBytesPerSecond: 1_000_000 })).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/^came at \d+ bytes\/s, expected 1000000$/),
    });
    const mute = await serve(misbehaviours.hangUp);
    expect(await ask(mute, { minBytesPerSecond: 1 })).toMatchObject({
      status: 'fail',
      detail: 'connection closed after 0 bytes',
    });
    const silent = await serve(misbehaviours.blackHole);
    expect(await ask(silent, { minBytesPerSecond: 1, stallMs: 20 })).toMatchObject({
      detail: 'stalled for 20 ms after 0 bytes',
    });
  });

  it('measures no more than it may receive', async () => {
    const served = await serve((socket) => {
      misbehaviours.flood('')(socket);
    });
    const verdict = await ask(served, { send: 'more', minBytesPerSecond: 1, maxBytes: 100_000 });
    expect(verdict).toMatchObject({ status: 'pass' });
    expect(verdict.measured?.['bytes']).toBeGreaterThanOrEqual(100_000);
    await until(() => served.open.size === 0);
  });
});

describe('transferProbe with a minimum of bytes', () => {
  it('passes when enough came, however slowly', async () => {
    const served = await serve(misbehaviours.drip('abc'));
    expect(await ask(served, { minBytes: 5, stallMs: 1_000 })).toMatchObject({
      status: 'pass',
      measured: { bytes: 5 },
    });
  });

  it('fails when the target ends, stalls or resets before', async () => {
    const ends = await serve((socket) => socket.resume().end('abc'));
    expect(await ask(ends, { minBytes: 4 })).toMatchObject({
      status: 'fail',
      detail: 'connection closed after 3 of 4 bytes',
    });
    const stalls = await serve((socket) => socket.resume().write('abc'));
    expect(await ask(stalls, { minBytes: 4, stallMs: 30 })).toMatchObject({
      status: 'fail',
      detail: 'stalled for 30 ms after 3 of 4 bytes',
    });
    const resets = await serve((socket) => socket.write('abc', () => socket.resetAndDestroy()));
    expect(await ask(resets, { minBytes: 4 })).toMatchObject({ status: 'fail', detail: 'connection reset' });
  });

  it('says how far it got when the deadline cuts it', async () => {
    const served = await serve((socket) => socket.resume().write('abc'));
    expect(await ask(served, { minBytes: 4 }, deadline(120))).toMatchObject({
      status: 'fail',
      detail: 'timed out while waiting for 4 bytes, 3 came',
    });
  });
});

describe('transferProbe with a script', () => {
  const smtp = (socket: Socket): void => {
    socket.write('220 mail ready\r\n');
    socket.on('data', (chunk) => {
      const line = chunk.toString();
      if (line.startsWith('EHLO')) socket.write('250-mail\r\n250 STARTTLS\r\n');
      if (line.startsWith('QUIT')) socket.end('221 bye\r\n');
    });
  };
  const greeting = [{ expect: /^220 /g }, { send: 'EHLO me\r\n' }, { expect: 'STARTTLS\r\n' }] as const;

  it('passes when every step is met, time after time', async () => {
    const served = await serve(smtp);
    const probe = transferProbe({
      host,
      port: served.port,
      script: [...greeting, { send: 'QUIT\r\n' }, { expect: '221' }],
    });
    for (let round = 0; round < 3; round += 1) expect(await probe(deadline())).toMatchObject({ status: 'pass' });
    await until(() => served.open.size === 0);
  });

  it('fails where something else is received, and shows what', async () => {
    const served = await serve((socket) => socket.resume().end('554 go away\r\n'));
    expect(await ask(served, { script: greeting })).toMatchObject({
      status: 'fail',
      detail: 'expected /^220 /g, but the connection was closed after "554 go away\\r\\n"',
    });
  });

  it('fails on a stall, on too much, and says the step at the deadline', async () => {
    const silent = await serve(misbehaviours.blackHole);
    expect(await ask(silent, { script: [{ expect: 'x' }], stallMs: 30 })).toMatchObject({
      status: 'fail',
      detail: 'expected "x", but nothing came for 30 ms after ""',
    });
    expect(await ask(silent, { script: [{ send: 'a' }, { expect: 'x' }] }, deadline(120))).toMatchObject({
      status: 'fail',
      detail: 'timed out while in step 2 of the script',
    });
    const flooding = await serve(misbehaviours.flood('y'));
    expect(
      await ask(flooding, { script: [{ send: 'a' }, { expect: 'nothing of it' }], maxBytes: 1_000 }),
    ).toMatchObject({
      status: 'fail',
      detail: 'expected "nothing of it", got more than 1000 bytes',
    });
    await until(() => flooding.open.size + silent.open.size === 0);
  });

  it('upgrades to TLS in the middle of the script', async () => {
    const { key, cert } = await certificate(30);
    const served = await serve((socket) => {
      socket.write('220 ready\r\n');
      socket.once('data', () => {
        socket.write('220 go ahead\r\n');
        const secured = new TLSSocket(socket, { isServer: true, key, cert });
        secured.on('error', () => undefined);
        secured.once('data', (said) => secured.end(`heard ${said}`));
      });
    });
    const script = [
      { expect: '220 ready\r\n' },
      { send: 'STARTTLS\r\n' },
      { expect: '220 go ahead\r\n' },
      { startTls: true },
      { send: 'QUIT' },
      { expect: 'heard QUIT' },
    ] as const;
    const tls = { ca: cert, servername: 'localhost' };
    expect(await ask(served, { script, tls })).toMatchObject({ status: 'pass' });
    expect(await ask(served, { script })).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('certificate not trusted'),
    });
    await until(() => served.open.size === 0);
  });

  it('fails what was received in the clear after STARTTLS was accepted', async () => {
    const served = await serve((socket) => socket.resume().write('220 go\r\n250 injected\r\n'));
    expect(await ask(served, { script: [{ expect: '220 go\r\n' }, { startTls: true }] })).toMatchObject({
      status: 'fail',
      detail: 'server spoke before the TLS handshake',
    });
  });
});

describe('transferProbe, options', () => {
  it('breaks the check on an unknown name and a denied address', async () => {
    await expect(transferProbe({ host: 'nowhere.invalid', port: 1 })(deadline())).rejects.toMatchObject({
      code: 'CHECK_BROKEN',
    });
    await expect(
      transferProbe({ host, port: 1, egress: egressPolicy({ deny: ['internal'] }) })(deadline()),
    ).rejects.toMatchObject({ code: 'EGRESS_DENIED' });
  });

  it.each([
    [{ script: [] }, 'transferProbe.script'],
    [{ script: [{ say: 'x' }] }, 'transferProbe.script'],
    [{ script: [{ expect: '' }] }, 'transferProbe.script'],
    [{ script: [{ startTls: false }] }, 'transferProbe.script'],
    [{ minBytes: 0 }, 'transferProbe.minBytes'],
    [{ quietMs: 0 }, 'transferProbe.quietMs'],
    [{ tls: { ca: '', x: 1 } }, 'transferProbe.tls.x'],
  ])('refuses %o', (options, option) => {
    expect(() => transferProbe({ host, port: 1, ...(options as object) })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option }),
    );
  });
});
