import { createServer, type RequestListener } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HttpProbeOptions, h2cProbe, httpProbe } from '../src/index.ts';
import { listen } from './support/tcpServers.ts';
import { deadline } from './support/waiting.ts';

type Rest = Omit<HttpProbeOptions, 'url'>;

const site = (listener: RequestListener) => listen(createServer(listener));

/** Asks a server that answers with these headers and this body. */
async function judge(headers: Readonly<Record<string, string>>, body: Buffer | string, rest: Rest) {
  const { port } = await site((_request, response) => response.writeHead(200, headers).end(body));
  return httpProbe({ url: `http://127.0.0.1:${port}/`, ...rest })(deadline());
}

const json = JSON.stringify({ status: 'ok', grüße: 'schön' });
const expected: Rest = { bodyJson: { status: 'ok', grüße: 'schön' } };
const utf16 = (text: string, mark: string) => Buffer.from(mark + text, 'utf16le');

describe('the text of a body', () => {
  it.each<[string, Record<string, string>, Buffer]>([
    ['UTF-8', {}, Buffer.from(json)],
    ['UTF-8 with a mark', {}, Buffer.from(`\ufeff${json}`)],
    ['UTF-16 with a mark', {}, utf16(json, '\ufeff')],
    ['UTF-16, big-endian, with a mark', {}, utf16(json, '\ufeff').swap16()],
    ['UTF-16 by its type', { 'content-type': 'application/json; charset=utf-16le' }, utf16(json, '')],
    ['Latin-1 by its type', { 'content-type': 'application/json;charset="ISO-8859-1"' }, Buffer.from(json, 'latin1')],
    ['UTF-8 by its mark, whatever its type', { 'content-type': 'a/b; charset=utf-16' }, Buffer.from(`\ufeff${json}`)],
  ])('is read as %s', async (_title, headers, body) => {
    expect(await judge(headers, body, expected)).toMatchObject({ status: 'pass' });
  });

  it('in a charset that nobody knows fails, unless nobody reads it', async () => {
    const headers = { 'content-type': 'text/plain; charset=klingon' };
    expect(await judge(headers, 'ok', { bodyContains: 'ok' })).toMatchObject({
      status: 'fail',
      detail: 'body has the charset "klingon", which cannot be read',
    });
    expect(await judge(headers, 'ok', {})).toMatchObject({ status: 'pass' });
  });
});

describe('a body that is compressed', () => {
  it.each<[string, (body: string) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['GZIP', gzipSync],
    ['identity', Buffer.from],
    ['deflate, gzip', (body) => gzipSync(deflateSync(body))],
  ])('with %s is read', async (encoding, compress) => {
    const body = compress(json);
    expect(await judge({ 'content-encoding': encoding }, body, expected)).toMatchObject({
      status: 'pass',
      measured: { bodyBytes: body.length },
    });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('with %s never grows beyond its limit', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(50_000_000));
    const verdict = await judge({ 'content-encoding': encoding }, bomb, { bodyContains: 'x' });
    expect(verdict).toMatchObject({ status: 'fail', detail: 'body is larger than 65536 bytes' });
  });

  it.each<[string, Buffer, string]>([
    ['gzip', Buffer.from('no gzip'), 'body is not valid gzip'],
    ['gzip', gzipSync(json).subarray(0, 30), 'body is not valid gzip'],
    ['br', Buffer.from('no brotli at all'), 'body is not valid br'],
    ['compress', Buffer.from('x'), 'body is encoded with "compress", which cannot be read'],
    ['constructor', Buffer.from('x'), 'body is encoded with "constructor", which cannot be read'],
    ['gzip, gzip, gzip, gzip', Buffer.from('x'), 'body is encoded 4 times'],
  ])('with %s that is none fails in words', async (encoding, body, detail) => {
    expect(await judge({ 'content-encoding': encoding }, body, expected)).toMatchObject({ status: 'fail', detail });
  });

  it('is judged by its status first, and not read where no rule needs it', async () => {
    const headers = { 'content-encoding': 'gzip' };
    expect(await judge(headers, 'no gzip', { ...expected, acceptStatuses: [204] })).toMatchObject({ detail: '200 OK' });
    expect(await judge(headers, 'no gzip', {})).toMatchObject({ status: 'pass' });
  });

  it('may be anything at all, and the verdict is one', async () => {
    let answer: { headers: Record<string, string>; body: Uint8Array } = { headers: {}, body: new Uint8Array() };
    const { port } = await site((_request, response) => response.writeHead(200, answer.headers).end(answer.body));
    const probe = httpProbe({ url: `http://127.0.0.1:${port}/`, bodyJson: { a: 1 }, maxBodyBytes: 2_000 });
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 3_000 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.json().map((text) => gzipSync(text)),
    );
    const headers = fc.record(
      {
        'content-encoding': fc.constantFrom('gzip', 'br', 'deflate', 'gzip, br', 'x', ''),
        'content-type': fc
          .string({ unit: fc.constantFrom(...'a;=/ "charsetuf-816') })
          .map((type) => `a/b; charset=${type}`),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(headers, bodies, async (given, body) => {
        answer = { headers: given as Record<string, string>, body };
        const verdict = await probe(deadline());
        expect(['pass', 'fail']).toContain(verdict.status);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

describe('paths of JSON', () => {
  const document = JSON.stringify({
    'a.b': { 'c d': [1, 2, { 'e"f': 'deep' }] },
    $schema: 's',
    list: ['x', 'y'],
    'a[0]': 'bracket',
    ü: 1,
  });

  it.each<[string, string | number]>([
    ["['a.b']['c d'][0]", 1],
    ['["a.b"]["c d"][-1]["e\\"f"]', 'deep'],
    ['$["a.b"]["c d"][1]', 2],
    ['a\\.b["c d"][1]', 2],
    ['$schema', 's'],
    ['$.$schema', 's'],
    ['list[0]', 'x'],
    ['list.1', 'y'],
    ['$.list[-2]', 'x'],
    ['["a[0]"]', 'bracket'],
    ["['\\u00fc']", 1],
    ['list.length', 'none'],
    ['list[-3]', 'none'],
    ['list[2]', 'none'],
    ['$', 'none'],
  ])('%s leads to %j', async (path, value) => {
    const verdict = await judge({}, document, { bodyJson: { [path]: value } });
    if (value === 'none') expect(verdict).toMatchObject({ status: 'fail', detail: expect.stringContaining('got ') });
    else expect(verdict).toMatchObject({ status: 'pass' });
  });

  it.each([
    '',
    'a..b',
    'a.',
    '.a',
    '$a.b[',
    'a[',
    'a[x]',
    'a[]',
    'a["b]',
    "a['b",
    '$..a',
    'a[*]',
    '*',
    'a[?(@.b)]',
    'a]b',
    '$.',
  ])('%j is refused when the probe is made', (path) => {
    for (const make of [
      () => httpProbe({ url: 'http://a/', bodyJson: { [path]: 1 } }),
      () => h2cProbe({ url: 'http://a/', bodyJson: { ok: 1, [path]: 1 } }),
    ]) {
      expect(make).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTION',
          option: expect.stringMatching(/^h.*Probe\.bodyJson$/),
          received: path,
        }),
      );
    }
  });

  it.each([{ mn: 3 }, {}, { min: '3' }, { min: Number.NaN }, [1], undefined, () => 1])(
    'expect no %o',
    (expectation) => {
      expect(() => httpProbe({ url: 'http://a/', bodyJson: { a: expectation as never } })).toThrow(
        expect.objectContaining({ option: 'httpProbe.bodyJson' }),
      );
    },
  );

  it('are read at a cost that grows with their length, and any is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab.[]$"\'\\0-1*u '), maxLength: 200 }), (path) => {
        try {
          httpProbe({ url: 'http://a/', bodyJson: { [path]: 1 } });
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_OPTION' });
        }
      }),
    );
  });

  it('say what was found in words, however deep it is', async () => {
    const deep = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    expect(await judge({}, deep, { bodyJson: { a: 1 } })).toMatchObject({
      status: 'fail',
      detail: 'expected a to be 1, got an array of 1',
    });
  });
});

describe('how fast a body comes', () => {
  it('is measured where it is judged, and too slow a one fails', async () => {
    const { port } = await site((_request, response) => {
      response.writeHead(200).write('x'.repeat(1_000));
      setTimeout(() => response.end('x'.repeat(1_000)), 50);
    });
    const ask = (rest: Rest) => httpProbe({ url: `http://127.0.0.1:${port}/`, ...rest })(deadline());
    const slow = await ask({ minBytesPerSecond: 1_000_000 });
    expect(slow).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/^body came at \d+ bytes\/s, expected 1000000$/),
    });
    expect(slow.measured?.['bytesPerSecond']).toBeLessThan(50_000);
    expect(await ask({ minBytesPerSecond: 1 })).toMatchObject({ status: 'pass', measured: { bodyBytes: 2_000 } });
    expect((await ask({})).measured).not.toHaveProperty('bytesPerSecond');
    expect(() => httpProbe({ url: 'http://a/', minBytesPerSecond: 0 })).toThrow(
      expect.objectContaining({ option: 'httpProbe.minBytesPerSecond' }),
    );
  });
});
