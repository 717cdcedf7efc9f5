import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { protocolName } from '../src/protocol/subprotocol.ts';
import { rejectRequest, rejectUpgrade } from '../src/server/requestGuard.ts';

const guard = { port: 4_600, token: 'a-token-of-the-right-length' };

const request = (headers: Record<string, string | undefined>, method = 'GET') =>
  ({ method, headers: { host: '127.0.0.1:4600', ...headers } }) as unknown as IncomingMessage;

const upgrade = (headers: Record<string, string | undefined>) =>
  request({
    origin: 'http://127.0.0.1:4600',
    'sec-websocket-protocol': `${protocolName}, token.${guard.token}`,
    ...headers,
  });

describe('rejectRequest', () => {
  it.each(['127.0.0.1:4600', 'localhost:4600', 'LOCALHOST:4600'])('lets in what was sent to %s', (host) => {
    expect(rejectRequest(request({ host }), guard)).toBeUndefined();
  });

  it.each(['evil.example:4600', '127.0.0.1:4601', '127.0.0.1', 'localhost.evil.example:4600', '', undefined])(
    'refuses what was sent to the host %s',
    (host) => {
      expect(rejectRequest(request({ host }), guard)).toMatchObject({ status: 421 });
    },
  );

  it.each(['http://evil.example', 'null', 'https://127.0.0.1:4600', 'http://127.0.0.1:9999'])(
    'refuses what the origin %s sends',
    (origin) => {
      expect(rejectRequest(request({ origin }), guard)).toMatchObject({ status: 403 });
    },
  );

  it('refuses what another site loads without an origin, but follows a link from there', () => {
    const fromElsewhere = { 'sec-fetch-site': 'cross-site' };
    expect(rejectRequest(request({ ...fromElsewhere, 'sec-fetch-mode': 'no-cors' }), guard)).toMatchObject({
      status: 403,
    });
    expect(rejectRequest(request({ ...fromElsewhere, 'sec-fetch-mode': 'navigate' }), guard)).toBeUndefined();
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('refuses %s', (method) => {
    expect(rejectRequest(request({}, method), guard)).toMatchObject({ status: 405 });
  });
});

describe('rejectUpgrade', () => {
  it('lets in the page with the token', () => {
    expect(rejectUpgrade(upgrade({}), guard)).toBeUndefined();
  });

  it.each(['http://evil.example', 'null', undefined])('refuses the origin %s', (origin) => {
    expect(rejectUpgrade(upgrade({ origin }), guard)).toMatchObject({ status: 403 });
  });

  it('refuses a foreign host before it looks at the token', () => {
    expect(rejectUpgrade(upgrade({ host: 'rebound.example:4600' }), guard)).toMatchObject({ status: 421 });
  });

  it.each([
    ['no token', protocolName],
    ['an empty token', `${protocolName}, token.`],
    ['a wrong token of the same length', `${protocolName}, token.${'x'.repeat(guard.token.length)}`],
    ['a part of the token', `${protocolName}, token.${guard.token.slice(0, -1)}`],
    ['the token without the protocol', `token.${guard.token}`],
    ['no protocol at all', undefined],
  ])('refuses %s', (_, protocols) => {
    expect(rejectUpgrade(upgrade({ 'sec-websocket-protocol': protocols }), guard)).toMatchObject({ status: 401 });
  });
});
