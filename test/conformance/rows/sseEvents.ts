import type { Table } from './row.ts';

/** What a client makes of a stream. `cursor` is what it sends as `Last-Event-ID`, one character a byte. */
export interface SseOutcome {
  readonly events: readonly (readonly [type: string, data: string, id: string])[];
  readonly cursor: string | undefined;
}

const interpretation = 'WHATWG HTML, 9.2.6';
const parsing = 'WHATWG HTML, 9.2.5';
const processing = 'WHATWG HTML, 9.2.4';
const ownId = 'an event without an id of its own has the id "" there; the cursor holds';
const refused = 'fetch refuses the header, and it never comes back';
const none: SseOutcome = { events: [], cursor: undefined };
const message = (data: string, id = ''): SseOutcome => ({ events: [['message', data, id]], cursor: id || undefined });

/** Streams of server-sent events, as the pieces in which they come. */
export const sseEvents: Table<readonly string[], SseOutcome> = {
  title: 'Server-sent events: the stream',
  foreign: ['eventsource-parser', 'eventsource', 'undici'],
  rows: [
    {
      rule: 'lines of data are joined by a line feed',
      source: interpretation,
      input: ['data: a\ndata: b\n\n'],
      expected: message('a\nb'),
    },
    {
      rule: 'one space after the colon is left away, and no more',
      source: interpretation,
      input: ['data:  a\n\n'],
      expected: message(' a'),
    },
    {
      rule: 'a field without a colon has an empty value',
      source: interpretation,
      input: ['data\n\n'],
      expected: message(''),
    },
    {
      rule: 'a line that begins with a colon is a comment',
      source: interpretation,
      input: [': a\ndata: b\n:\n\n'],
      expected: message('b'),
    },
    {
      rule: 'unknown fields are ignored, and names are told apart by case',
      source: interpretation,
      input: ['Data: a\nfoo: b\ndata: c\n\n'],
      expected: message('c'),
    },
    {
      rule: 'the type is that of the field event, for one event',
      source: interpretation,
      input: ['event: x\ndata: a\n\ndata: b\n\n'],
      expected: {
        events: [
          ['x', 'a', ''],
          ['message', 'b', ''],
        ],
        cursor: undefined,
      },
    },
    {
      rule: 'an event without data is not dispatched, and its type is forgotten',
      source: interpretation,
      input: ['event: x\n\ndata: a\n\n'],
      expected: message('a'),
    },
    {
      rule: 'an unfinished event is not dispatched at the end',
      source: interpretation,
      input: ['data: a\n\ndata: b\n'],
      expected: message('a'),
    },
    {
      rule: 'the id holds for the events after it',
      source: interpretation,
      input: ['id: 7\ndata: a\n\ndata: b\n\n'],
      expected: {
        events: [
          ['message', 'a', '7'],
          ['message', 'b', '7'],
        ],
        cursor: '7',
      },
      differs: { eventsource: ownId },
    },
    {
      rule: 'an empty id takes it back',
      source: interpretation,
      input: ['id: 7\ndata: a\n\nid\ndata: b\n\n'],
      expected: {
        events: [
          ['message', 'a', '7'],
          ['message', 'b', ''],
        ],
        cursor: undefined,
      },
    },
    {
      rule: 'an id with a null is ignored',
      source: interpretation,
      input: ['id: 7\ndata: a\n\nid: 8\u0000\ndata: b\n\n'],
      expected: {
        events: [
          ['message', 'a', '7'],
          ['message', 'b', '7'],
        ],
        cursor: '7',
      },
      differs: { eventsource: ownId },
    },
    {
      rule: 'the id of an event without data counts',
      source: interpretation,
      input: ['id: 7\n\n'],
      expected: { events: [], cursor: '7' },
      differs: { eventsource: 'it takes ids from events that it dispatches only' },
    },
    {
      rule: 'the id of an unfinished event does not count',
      source: interpretation,
      input: ['id: 7\ndata: a\n\nid: 8\n'],
      expected: message('a', '7'),
    },
    {
      rule: 'an id beyond Latin-1 goes as UTF-8',
      source: processing,
      input: ['id: žluť\ndata: a\n\n'],
      expected: { events: [['message', 'a', 'žluť']], cursor: 'Å¾luÅ¥' },
      differs: { eventsource: refused, undici: refused },
    },
    {
      rule: 'retry in anything but digits is ignored',
      source: interpretation,
      input: ['retry: 5x\nretry: -5\ndata: a\n\n'],
      expected: message('a'),
    },
    {
      rule: 'all three kinds of line end are one',
      source: parsing,
      input: ['data: a\r\n\r\ndata: b\r\rdata: c\n\n'],
      expected: {
        events: [
          ['message', 'a', ''],
          ['message', 'b', ''],
          ['message', 'c', ''],
        ],
        cursor: undefined,
      },
    },
    {
      rule: 'a line end is one however it is cut',
      source: parsing,
      input: ['data: a\r', '\ndata: b\r', '\n\r', '\n'],
      expected: message('a\nb'),
    },
    {
      rule: 'one byte order mark at the beginning is left away',
      source: parsing,
      input: ['\uFEFFdata: a\n\n'],
      expected: message('a'),
    },
    { rule: 'a second byte order mark is text', source: parsing, input: ['\uFEFF\uFEFFdata: a\n\n'], expected: none },
    {
      rule: 'a byte order mark inside is text',
      source: parsing,
      input: ['data: a\n\n', '\uFEFFdata: b\n\n'],
      expected: message('a'),
    },
    { rule: 'a stream may hold nothing', source: parsing, input: ['\n\n\n'], expected: none },
  ],
};
