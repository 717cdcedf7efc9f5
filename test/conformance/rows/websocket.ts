import type { Table } from './row.ts';

/** Frames of a client after its handshake, as hexadecimal bytes; the mask is all zeros. */
export const websocketClose: Table<string, number | 'no code'> = {
  title: 'WebSocket: the close',
  foreign: ['ws'],
  rows: [
    {
      rule: 'a close is answered by the same code',
      source: 'RFC 6455, 5.5.1',
      input: '88 82 00000000 03e8',
      expected: 1000,
    },
    {
      rule: 'a close of the application is answered by its code',
      source: 'RFC 6455, 7.4.2',
      input: '88 82 00000000 0fa0',
      expected: 4000,
    },
    {
      rule: 'a close without a code is answered by one without',
      source: 'RFC 6455, 5.5.1',
      input: '88 80 00000000',
      expected: 'no code',
    },
    {
      rule: 'a close with half a code is an error',
      source: 'RFC 6455, 5.5.1',
      input: '88 81 00000000 03',
      expected: 1002,
    },
    {
      rule: 'a code that never goes on the wire is an error',
      source: 'RFC 6455, 7.4.1',
      input: '88 82 00000000 03ed',
      expected: 1002,
    },
    { rule: 'a code below 1000 is an error', source: 'RFC 6455, 7.4.2', input: '88 82 00000000 03e7', expected: 1002 },
    {
      rule: 'a reason that is no UTF-8 is an error',
      source: 'RFC 6455, 8.1',
      input: '88 83 00000000 03e8 ff',
      expected: 1007,
    },
    { rule: 'a frame without a mask is an error', source: 'RFC 6455, 5.1', input: '81 01 61', expected: 1002 },
    { rule: 'a reserved bit is an error', source: 'RFC 6455, 5.2', input: 'c1 81 00000000 61', expected: 1002 },
    { rule: 'an unknown opcode is an error', source: 'RFC 6455, 5.2', input: '83 81 00000000 61', expected: 1002 },
    {
      rule: 'a control frame in fragments is an error',
      source: 'RFC 6455, 5.5',
      input: '09 80 00000000',
      expected: 1002,
    },
    {
      rule: 'a control frame of more than 125 bytes is an error',
      source: 'RFC 6455, 5.5',
      input: `89 fe 007e 00000000 ${'00'.repeat(126)}`,
      expected: 1002,
    },
    {
      rule: 'a continuation of nothing is an error',
      source: 'RFC 6455, 5.4',
      input: '80 81 00000000 61',
      expected: 1002,
    },
    { rule: 'text that is no UTF-8 is an error', source: 'RFC 6455, 8.1', input: '81 81 00000000 ff', expected: 1007 },
    {
      rule: 'a message that is too large is refused',
      source: 'RFC 6455, 7.4.1',
      input: '81 ff 0000000000200000 00000000',
      expected: 1009,
    },
  ],
};

/** An upgrade request: its method, and headers in place of the right ones; `undefined` leaves one out. */
export interface Handshake {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** What is answered: the status and, where the standard names one, a header. */
export const websocketHandshake: Table<Handshake, readonly [status: number, header?: string]> = {
  title: 'WebSocket: the handshake',
  foreign: ['ws'],
  rows: [
    {
      rule: 'the accepted key is that of the standard',
      source: 'RFC 6455, 1.3',
      input: {},
      expected: [101, 'sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo='],
    },
    {
      rule: 'a request without a key is refused',
      source: 'RFC 6455, 4.2.1',
      input: { headers: { 'Sec-WebSocket-Key': undefined } },
      expected: [400],
    },
    {
      rule: 'a key of another length is refused',
      source: 'RFC 6455, 4.2.1',
      input: { headers: { 'Sec-WebSocket-Key': 'c2hvcnQ=' } },
      expected: [400],
    },
    {
      rule: 'another version is refused, and the right one named',
      source: 'RFC 6455, 4.4',
      input: { headers: { 'Sec-WebSocket-Version': '7' } },
      expected: [400, 'sec-websocket-version: 13, 8'],
    },
    { rule: 'another method is refused', source: 'RFC 6455, 4.2.1', input: { method: 'POST' }, expected: [405] },
    {
      rule: 'an upgrade to something else is refused',
      source: 'RFC 6455, 4.2.1',
      input: { headers: { Upgrade: 'h2c' } },
      expected: [400],
    },
  ],
};
