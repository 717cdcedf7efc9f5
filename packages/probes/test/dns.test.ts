import { describe, expect, it } from 'vitest';
import { type DnsProbeOptions, dnsProbe } from '../src/dns.ts';
import { egressPolicy } from '../src/egress.ts';
import { closedUdpPort, dnsAnswer, serveDatagrams } from './support/datagrams.ts';
import { deadline } from './support/waiting.ts';

type Rest = Omit<DnsProbeOptions, 'name' | 'servers'>;

const ask = (port: number, rest: Rest = {}, signal = deadline()) =>
  dnsProbe({ name: 'example.test', servers: [`127.0.0.1:${port}`], ...rest })(signal);
const answering = (...args: [type: 'A' | 'MX' | 'TXT' | 'CAA', records: readonly Buffer[], errorCode?: number]) =>
  serveDatagrams((query, from, socket) => socket.send(dnsAnswer(query, ...args), from.port, from.address));

describe('dnsProbe', () => {
  it('passes when the server answers, and counts the answers', async () => {
    const { port } = await answering('A', [Buffer.from([192, 0, 2, 1]), Buffer.from([192, 0, 2, 2])]);
    expect(await ask(port)).toMatchObject({ status: 'pass', measured: { answers: 2 } });
    expect(await ask(port, { expect: ['192.0.2.2', /^192\.0\.2\.1$/g], minAnswers: 2 })).toMatchObject({
      status: 'pass',
    });
  });

  it('fails when an expected answer is missing or there are too few', async () => {
    const { port } = await answering('A', [Buffer.from([192, 0, 2, 1])]);
    expect(await ask(port, { expect: ['192.0.2.9'] })).toMatchObject({
      status: 'fail',
      detail: 'no answer is 192.0.2.9; got 192.0.2.1',
    });
    expect(await ask(port, { minAnswers: 2 })).toMatchObject({ status: 'fail', detail: 'expected 2 answers, got 1' });
  });

  it('writes records as zone files do', async () => {
    const mail = await answering('MX', [Buffer.from('\x00\x0a\x04mail\xc0\x0c', 'latin1')]);
    expect(await ask(mail.port, { type: 'MX', expect: ['10 mail.example.test'] })).toMatchObject({ status: 'pass' });
    const note = await answering('TXT', [Buffer.from('\x03v=1\x02;x', 'latin1')]);
    expect(await ask(note.port, { type: 'TXT', expect: ['v=1;x', '"v=1" ";x"'] })).toMatchObject({ status: 'pass' });
  });

  it('writes a CAA record with its flags and its tag', async () => {
    const caa = (flags: number, tag: string, value: string) =>
      Buffer.concat([Buffer.from([flags, tag.length]), Buffer.from(tag + value)]);
    const { port } = await answering('CAA', [caa(0, 'issue', 'ca.example.net'), caa(128, 'iodef', 'mailto:a@b.test')]);
    const expected = ['0 issue ca.example.net', '0 issue "ca.example.net"', '128 iodef "mailto:a@b.test"', /^0 issue /];
    expect(await ask(port, { type: 'CAA', expect: expected })).toMatchObject({
      status: 'pass',
      measured: { answers: 2 },
    });
    expect(await ask(port, { type: 'CAA', expect: ['0 issuewild "ca.example.net"'] })).toMatchObject({
      status: 'fail',
      detail: 'no answer is 0 issuewild "ca.example.net"; got 0 issue ca.example.net, 128 iodef mailto:a@b.test',
    });
  });

  it('warns about a slow answer', async () => {
    const { port } = await answering('A', [Buffer.from([192, 0, 2, 1])]);
    expect(await ask(port, { slowAfterMs: 0.001 })).toMatchObject({ status: 'warn', byTime: true });
  });

  it.each([
    [3, 'example.test: name does not exist'],
    [2, 'example.test: server failure'],
    [5, 'example.test: server refused the question'],
    [4, 'example.test: server does not implement the question'],
    [0, 'example.test: name has no such record'],
  ])('fails when the server answers with code %i', async (code, detail) => {
    const { port } = await answering('A', [], code);
    expect(await ask(port)).toMatchObject({ status: 'fail', detail });
  });

  it('fails when nobody listens', async () => {
    expect(await ask(await closedUdpPort())).toMatchObject({
      status: 'fail',
      detail: 'example.test: connection refused',
    });
  });

  it('fails a malformed answer, and is cut at the deadline by silence', async () => {
    const mad = await serveDatagrams((_query, from, socket) => socket.send('nonsense', from.port, from.address));
    expect(await ask(mad.port)).toMatchObject({
      status: 'fail',
      detail: 'example.test: server gave a malformed answer',
    });
    const silent = await serveDatagrams(() => undefined);
    expect(await ask(silent.port, {}, deadline(120))).toMatchObject({
      status: 'fail',
      detail: 'timed out while waiting for the answer',
    });
  });

  it('asks no server its egress policy denies', async () => {
    await expect(ask(53, { egress: egressPolicy({ deny: ['internal'] }) })).rejects.toMatchObject({
      code: 'EGRESS_DENIED',
    });
  });

  it.each([
    [{ name: '' }, 'dnsProbe.name'],
    [{ name: 'a', type: 'ANY' }, 'dnsProbe.type'],
    [{ name: 'a', servers: ['ns.example.org'] }, 'dnsProbe.servers'],
    [{ name: 'a', servers: [] }, 'dnsProbe.servers'],
    [{ name: 'a', minAnswers: 0 }, 'dnsProbe.minAnswers'],
  ])('refuses %o', (options, option) => {
    expect(() => dnsProbe(options as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option }));
  });
});
