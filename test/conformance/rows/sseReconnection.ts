import type { Table } from './row.ts';

/** A response to a client that asks for a stream. */
export interface SseResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const standard = 'WHATWG HTML, 9.2.2';
const stream = { 'Content-Type': 'text/event-stream' };
const outlives =
  'the standard has a browser give up; who watches a service must outlive its restart, and waits longer each time';

/** What a client does after a response: asks again, or never. */
export const sseReconnection: Table<SseResponse, 'asks again' | 'gives up'> = {
  title: 'Server-sent events: coming back',
  foreign: ['eventsource', 'undici'],
  rows: [
    {
      rule: 'the end of a stream is followed by another request',
      source: standard,
      input: { status: 200, headers: stream, body: 'retry: 1\n\n' },
      expected: 'asks again',
    },
    {
      rule: 'a stream with a charset is one',
      source: standard,
      input: { status: 200, headers: { 'Content-Type': 'text/event-stream; charset=utf-8' }, body: 'retry: 1\n\n' },
      expected: 'asks again',
    },
    { rule: '204 says that there is nothing more', source: standard, input: { status: 204 }, expected: 'gives up' },
    {
      rule: '410 says that there never will be',
      source: 'RFC 9110, 15.5.11',
      input: { status: 410 },
      expected: 'gives up',
    },
    ...[404, 429, 500, 503].map((status) => ({
      rule: `${status} is outlived`,
      source: 'ours',
      input: { status },
      expected: 'asks again' as const,
      differs: { eventsource: outlives, undici: outlives },
    })),
    {
      rule: 'what is no event stream is outlived',
      source: 'ours',
      input: { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' },
      expected: 'asks again',
      differs: { eventsource: outlives, undici: outlives },
    },
  ],
};
