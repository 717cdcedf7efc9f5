import type { Table } from './row.ts';

/** What a session of HTTP/2 does while its server drains. */
export interface GoawayScene {
  /** Requests that are being answered when the drain begins. */
  readonly open: number;
}

/** What the session sees: the GOAWAY frames in order, and how many of its requests were answered. */
export interface GoawaySeen {
  /** Error codes. */
  readonly codes: readonly number[];
  readonly lastStream: number;
  readonly answered: number;
}

/** Drains of an HTTP/2 server, as nghttp2 sees them on the client's side. */
export const http2Goaway: Table<GoawayScene, GoawaySeen> = {
  title: 'HTTP/2: GOAWAY',
  foreign: [],
  rows: [
    {
      rule: 'a session without streams is told NO_ERROR',
      source: 'RFC 9113, 6.8',
      input: { open: 0 },
      expected: { codes: [0], lastStream: 0, answered: 0 },
    },
    {
      rule: 'the last stream is the true one, and it finishes',
      source: 'RFC 9113, 6.8',
      input: { open: 1 },
      expected: { codes: [0], lastStream: 1, answered: 1 },
    },
    {
      rule: 'all streams that were begun finish',
      source: 'RFC 9113, 6.8',
      input: { open: 3 },
      expected: { codes: [0], lastStream: 5, answered: 3 },
    },
  ],
};
