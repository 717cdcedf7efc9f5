import { gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** An answer of a web server that means no good, or does not know better. */
export interface HostileAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const encodings = ['gzip', 'br', 'deflate', 'zstd', 'gzip, br', 'x, y, z, a', 'identity', ' ', ',', 'constructor'];
const charsets = ['utf-8', 'utf-16', 'utf-16be', 'latin1', 'shift_jis', '"quoted"', 'x'.repeat(300), '\u00e4', ''];

/** Small in the answer, and a hundred times as large when it is unpacked. */
const bombs = ['x'.repeat(3_000_000), `${'['.repeat(300_000)}`].map((text) => new Uint8Array(gzipSync(text)));

const text = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.integer({ min: 1, max: 60_000 }).map((depth) => '['.repeat(depth)),
  fc.integer({ min: 1, max: 30_000 }).map((depth) => `${'[{"a":'.repeat(depth)}1`),
  fc.integer({ min: 1, max: 60_000 }).map((length) => `{"status":"${'a '.repeat(length / 2)}"}`),
);

const encoded = fc.tuple(text, fc.constantFrom('utf8', 'utf16le', 'latin1'), fc.constantFrom('', '\ufeff'));

/** Bodies: valid and broken JSON, marks, every charset, compressed once or with a bomb in it, or plain noise. */
export const bodies: fc.Arbitrary<Uint8Array> = fc.oneof(
  encoded.map(([said, charset, mark]) => new Uint8Array(Buffer.from(mark + said, charset as BufferEncoding))),
  text.map((said) => new Uint8Array(gzipSync(said))),
  text.map((said) => new Uint8Array(gzipSync(said)).subarray(0, 40)),
  fc.uint8Array({ maxLength: 4_000 }),
  fc.constantFrom(...bombs),
);

const headerValue = fc
  .string({ unit: fc.constantFrom(...'abz019/;=" ,.-_'), maxLength: 60 })
  .map((value) => value.trim());

export const answers: fc.Arbitrary<HostileAnswer> = fc.record({
  status: fc.constantFrom(200, 200, 200, 201, 301, 302, 307, 404, 500, 599),
  headers: fc.record(
    {
      'content-encoding': fc.constantFrom(...encodings),
      'content-type': fc.constantFrom(...charsets).map((charset) => `application/json; charset=${charset}`),
      location: fc.oneof(headerValue, fc.constantFrom('/', '//', 'http://', 'http://[', 'javascript:0', '/\\/x', '')),
      'x-any': headerValue,
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Record<string, string>>,
  body: bodies,
});

/** Paths of JSON, right and wrong. */
export const jsonPaths: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ab.[]$"\'\\0-1*u@? '), maxLength: 60 }),
  fc.constantFrom('status', '$', 'a[0].b', '["a.b"]', '[-1]', '$..a', 'a.b.c.d'),
  fc.integer({ min: 1, max: 3_000 }).map((length) => 'a.'.repeat(length)),
  fc.integer({ min: 1, max: 3_000 }).map((length) => '["'.repeat(length)),
  fc.integer({ min: 1, max: 3_000 }).map((length) => '\\'.repeat(length)),
);
