import { describe, expect, it } from 'vitest';
import { egressPolicy } from '../src/egress.ts';
import { type UdpProbeOptions, udpProbe } from '../src/udp.ts';
import { closedUdpPort, serveDatagrams } from './support/datagrams.ts';
import { deadline, until } from './support/waiting.ts';

type Rest = Omit<UdpProbeOptions, 'host' | 'port'>;
const host = '127.0.0.1';
const ask = (port: number, rest: Rest = {}, signal = deadline()) => udpProbe({ host, port, ...rest })(signal);
const handles = () => process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap').length;

describe('udpProbe', () => {
  it('passes the expected answer', async () => {
    const { port } = await serveDatagrams((message, from, socket) =>
      socket.send(`re: ${message}`, from.port, from.address),
    );
    expect(await ask(port, { send: 'ping', expect: 're: ping' })).toMatchObject({ status: 'pass' });
    expect(await ask(port, { send: new Uint8Array([1, 2]), expect: /^re: /g })).toMatchObject({ status: 'pass' });
    expect(await ask(port, { send: 'ping' })).toMatchObject({ status: 'pass' });
  });

  it('fails a port on which nobody listens (INV-69)', async () => {
    expect(await ask(await closedUdpPort(), { send: 'ping' })).toMatchObject({
      status: 'fail',
      detail: 'connection refused',
    });
  });

  it('passes silence where nothing is expected, at the latest at the deadline', async () => {
    const { port } = await serveDatagrams(() => undefined);
    expect(await ask(port, { send: 'ping', quietMs: 20 })).toMatchObject({ status: 'pass' });
    expect(await ask(port, { send: 'ping', quietMs: 60_000 }, deadline(120))).toMatchObject({ status: 'pass' });
  });

  it('passes over wrong answers and is cut at the deadline', async () => {
    const { port } = await serveDatagrams((_message, from, socket) => socket.send('wrong', from.port, from.address));
    expect(await ask(port, { send: 'ping', expect: 'right' }, deadline(120))).toMatchObject({
      status: 'fail',
      detail: 'timed out while waiting for the answer',
    });
  });

  it('sends again when a datagram was lost', async () => {
    let heard = 0;
    const { port } = await serveDatagrams((_message, from, socket) => {
      heard += 1;
      if (heard === 3) socket.send('pong', from.port, from.address);
    });
    expect(await ask(port, { send: 'ping', expect: 'pong', resendMs: 10 })).toMatchObject({ status: 'pass' });
    expect(heard).toBe(3);
  });

  it('closes its socket on every path (INV-49)', async () => {
    const before = handles();
    const { port } = await serveDatagrams(() => undefined);
    const aborts = Array.from({ length: 20 }, () => new AbortController());
    const running = Promise.all(aborts.map(({ signal }) => ask(port, { expect: 'never' }, signal)));
    await until(() => handles() > before + 10);
    for (const abort of aborts) abort.abort();
    for (const verdict of await running) expect(verdict).toMatchObject({ status: 'fail' });
    expect(await ask(port, { expect: 'never' }, AbortSignal.abort())).toMatchObject({ status: 'fail' });
    await until(() => handles() <= before + 1);
  });

  it('breaks the check on an unknown name and a denied address', async () => {
    await expect(udpProbe({ host: 'nowhere.invalid', port: 9 })(deadline())).rejects.toMatchObject({
      code: 'CHECK_BROKEN',
    });
    const egress = egressPolicy({ deny: ['internal'] });
    for (const denied of ['localhost', host]) {
      await expect(udpProbe({ host: denied, port: 9, egress })(deadline())).rejects.toMatchObject({
        code: 'EGRESS_DENIED',
      });
    }
  });

  it('refuses bad options', () => {
    expect(() => udpProbe({ host, port: 0 })).toThrow(expect.objectContaining({ option: 'udpProbe.port' }));
    expect(() => udpProbe({ host, port: 1, send: 1 as never })).toThrow(
      expect.objectContaining({ option: 'udpProbe.send' }),
    );
  });
});
