import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detailLine, detailPatterns, longestDetail, redaction } from '../src/model/detail.ts';
import { patternSteps } from './support/patternSteps.ts';

describe('a detail', () => {
  it.each([
    ['dial http://me:pa%40ss@host/x failed', 'dial http://***@host/x failed'],
    ['GET /a?b=1&access_token=abc&c=2', 'GET /a?b=1&access_token=***&c=2'],
    ['https://h/?key=abc&sig=def', 'https://h/?key=***&sig=***'],
    ['sent Bearer abc.def-ghi', 'sent Bearer ***'],
    ['Authorization: Basic bWU6cGFzcw==', 'Authorization: *** ***'],
    ['host=db user=me password=hunter2 port=1', 'host=db user=me password=*** port=1'],
    ['{"password":"hunter2","n":1}', '{"password":***,"n":1}'],
    ['{"client_secret": "a b c d"}', '{"client_secret": ***}'],
    ['got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln back', 'got *** back'],
    ['push with ghp_abcdefghijklmnopqrst1234 failed', 'push with *** failed'],
    ['X-Api-Key: abc', 'X-Api-Key: ***'],
    ['Unexpected token < in JSON at position 0', 'Unexpected token < in JSON at position 0'],
    ['two\r\nlines\u001b[31m\u2028three\u202e', 'two lines [31m three'],
    ['half \ud83d of a character', 'half \ufffd of a character'],
  ])('writes %j as %j', (text, clean) => {
    expect(detailLine(text)).toBe(clean);
  });

  it('is one line of at most 200 characters, whatever the text, and cleaning it again changes nothing', () => {
    const pieces = fc.constantFrom(
      'token=',
      'https://',
      'me:pass@',
      'bearer ',
      ' ',
      '\n',
      '"',
      ': ',
      'cookie',
      '😀',
      'x'.repeat(90),
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3_000 }),
      fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 200 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const line = detailLine(text);
        expect(line.length).toBeLessThanOrEqual(longestDetail);
        expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u);
        expect(detailLine(line)).toBe(line);
      }),
    );
  });

  it('shows no half of a credential where a long text is cut', () => {
    const secret = 'correct-horse-battery';
    for (let gap = 1_000; gap <= 1_024; gap += 1) {
      // What is hidden before it makes the text short enough for its end to be seen.
      const before = `token=${'a'.repeat(gap - 7)} `;
      expect(redaction([secret])(`${before}${secret} ${'x'.repeat(2_000)}`)).not.toContain('corr');
      expect(detailLine(`${before}https://me:${secret}@host/${'x'.repeat(2_000)}`)).not.toContain('corr');
    }
  });
});

/** A text of some length that repeats `piece`. */
const repeat = (piece: string, length: number): string => piece.repeat(Math.ceil(length / piece.length));

describe('the patterns of details', () => {
  const hostile = [
    'a',
    'A1-',
    '://',
    'a://',
    'token',
    'token-',
    'token=',
    '-token"',
    'key',
    'x-key',
    'x-x-',
    'bearer ',
    'basic\t',
    'auth',
    'cookie',
    ' ',
    '\u0001',
    '\ud800',
    '=',
    '"',
    '":',
    ' = ',
    ':',
    '&',
    '@',
    'password',
    'api_key ',
    'proxy-',
    'authorization',
    'sig',
  ];

  it.each(detailPatterns.map((pattern) => [pattern] as const))(
    'cost time that grows with the length of a text, not with its square: %s',
    (pattern) => {
      for (const piece of hostile) {
        const steps = patternSteps(pattern, repeat(piece, 200));
        // Four times as much is linear, sixteen times is quadratic.
        expect(patternSteps(pattern, repeat(piece, 800)), JSON.stringify(piece)).toBeLessThanOrEqual(6 * steps);
      }
    },
  );

  it('are counted rightly: a quadratic one is told from a linear one', () => {
    const growth = (pattern: RegExp) =>
      patternSteps(pattern, repeat('a', 400)) / patternSteps(pattern, repeat('a', 100));
    expect(growth(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi)).toBeGreaterThan(12);
    expect(growth(/(?:a|b)*?c/)).toBeGreaterThan(12);
    expect(growth(/[a-z]+/g)).toBeLessThan(5);
    expect(growth(/(?<![\w-])[\w-]+=/g)).toBeLessThan(5);
  });

  it('never see more than the first 1024 characters of a text', () => {
    const rest = 'token=abc '.repeat(100_000);
    expect(detailLine(`${'b'.repeat(2_000)}${rest}`)).toBe(`${'b'.repeat(199)}…`);
  });
});
