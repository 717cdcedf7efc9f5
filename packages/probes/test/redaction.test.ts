import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redaction } from '../src/check/redaction.ts';

describe('redaction', () => {
  it.each([
    ['dial http://me:pa%40ss@host/x failed', 'dial http://***@host/x failed'],
    ['GET /a?b=1&access_token=abc&c=2', 'GET /a?b=1&access_token=***&c=2'],
    ['https://h/?api_key=abc', 'https://h/?api_key=***'],
    ['https://h/?key=abc&sig=def', 'https://h/?key=***&sig=***'],
    ['sent Bearer abc.def-ghi', 'sent Bearer ***'],
    ['two\r\nlines\u001b[31m', 'two lines [31m'],
  ])('writes %j as %j', (text, clean) => {
    expect(redaction()(text)).toBe(clean);
  });

  it('hides every known secret wherever it stands, and keeps details short', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9%+/=]{6,20}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.array(fc.string(), { maxLength: 5 }),
        (secrets, gaps) => {
          const text = gaps.map((gap, index) => gap + (secrets[index % secrets.length] ?? '')).join(' ');
          const clean = redaction(secrets)(text);
          for (const secret of secrets) expect(clean).not.toContain(secret);
          expect(clean.length).toBeLessThanOrEqual(200);
        },
      ),
    );
  });
});
