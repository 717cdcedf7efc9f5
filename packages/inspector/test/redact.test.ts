import { describe, expect, it } from 'vitest';
import { Redactor, redactedMark } from '../src/redact/redact.ts';

const secrets = [
  ['a password in a URL', 'https://bob:hunter2@db.example/x', 'hunter2'],
  ['a user alone in a URL', 'redis://s3cretuser@cache:6379', 's3cretuser'],
  ['a secret query value', 'GET /x?token=abc123def&page=2', 'abc123def'],
  ['an API key in a query', 'https://api.example/v1?api_key=k-99887766', 'k-99887766'],
  ['a bearer token', 'Authorization: Bearer abcdef.123456', 'abcdef.123456'],
  ['basic credentials', 'authorization was Basic Ym9iOmh1bnRlcjI=', 'Ym9iOmh1bnRlcjI='],
  ['a JWT', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl back', 'eyJzdWIiOiIxIn0'],
  ['a payment key', 'key sk_live_4eC39HqLyjWDarjtT1 is wrong', '4eC39HqLyjWDarjtT1'],
  ['a forge token', 'push with ghp_abcdefghijklmnopqrst1234 failed', 'ghp_abcdefghijklmnop'],
  ['a cloud key', 'AKIAIOSFODNN7EXAMPLE denied', 'AKIAIOSFODNN7'],
  ['a chat token', 'xoxb-123456789-abcdef', '123456789-abcdef'],
  ['an assignment', 'password=hunter2, retry', 'hunter2'],
  ['a quoted pair', '{"client_secret": "a b c d"}', 'a b c d'],
  ['a cookie', 'cookie: sid=31d4d96e407aad42; path=/', '31d4d96e407aad42'],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
] as const;

describe('Redactor', () => {
  it('shows what refuses to be read as that, and all beside it', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(new Redactor().value({ id: 'api', odd: proxy })).toEqual({ id: 'api', odd: '(unreadable)' });
  });

  it.each(secrets)('takes %s out of a text, and counts it', (_, text, secret) => {
    const redactor = new Redactor();
    const shown = redactor.text(text);
    expect(shown).not.toContain(secret);
    expect(shown).toContain(redactedMark);
    expect(redactor.taken).toBeGreaterThan(0);
  });

  it('leaves a text without secrets as it is', () => {
    const redactor = new Redactor();
    const text = 'connect ECONNREFUSED 127.0.0.1:5432 after 2000 ms, see https://status.example/db?page=2';
    expect(redactor.text(text)).toBe(text);
    expect(redactor.taken).toBe(0);
  });

  it('hides how long a secret was', () => {
    const shown = (secret: string) => new Redactor().text(`token=${secret}`);
    expect(shown('a')).toBe(shown('a'.repeat(90)));
  });

  it('takes out every value under a key that names a secret, at any depth', () => {
    const redactor = new Redactor();
    const value = { a: { b: [{ accessToken: 'x', Password: { deep: 'y' }, fine: 1 }] } };
    expect(redactor.value(value)).toEqual({
      a: { b: [{ accessToken: redactedMark, Password: redactedMark, fine: 1 }] },
    });
    expect(redactor.taken).toBe(2);
  });

  it('calls no getter and no toJSON, enters no class, and ends on circles and depth', () => {
    let called = 0;
    class Socket {
      secretly = 'x';
    }
    const value: Record<string, unknown> = {
      get now() {
        called += 1;
        return 1;
      },
      toJSON() {
        called += 1;
      },
      socket: new Socket(),
      gone: Number.NaN,
      big: 12n,
      deep: { a: { b: { c: { d: { e: 1 } } } } },
    };
    value['self'] = value;
    expect(new Redactor().value(value)).toEqual({
      now: '(getter)',
      toJSON: '(function)',
      socket: '(Socket)',
      gone: 'NaN',
      big: '12n',
      deep: { a: { b: { c: { d: '(deeper)' } } } },
      self: '(circular)',
    });
    expect(called).toBe(0);
  });

  it('shortens long texts, lists and objects', () => {
    const redactor = new Redactor();
    expect(redactor.text('x'.repeat(9_000))).toHaveLength(401);
    expect(redactor.value(Array.from({ length: 900 }, (_, index) => index))).toHaveLength(40);
  });
});
