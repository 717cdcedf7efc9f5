import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { SseParser, type SsePart } from '../src/client.ts';

const parse = (...texts: string[]): SsePart[] => {
  const parser = new SseParser();
  return texts.flatMap((text) => parser.push(text));
};
const event = (data: string, event = 'message', lastEventId = ''): SsePart => ({
  type: 'event',
  event,
  data,
  lastEventId,
});

describe('SseParser', () => {
  it.each<[string, string, SsePart[]]>([
    ['joins the lines of data', 'data: a\ndata: b\n\n', [event('a\nb')]],
    ['takes one space after the colon for layout, and no more', 'data:a\n\ndata:  b\n\n', [event('a'), event(' b')]],
    ['takes a field without a colon for an empty one', 'data\n\n', [event('')]],
    ['skips comments and fields it does not know', ': hi\nfoo: bar\ndata: a\n\n', [event('a')]],
    ['names events, for one event only', 'event: x\ndata: a\n\ndata: b\n\n', [event('a', 'x'), event('b')]],
    [
      'keeps the last id for the events after it',
      'id: 7\ndata: a\n\ndata: b\n\n',
      [event('a', 'message', '7'), event('b', 'message', '7')],
    ],
    ['ignores an id with a null in it', 'id: 7\0\ndata: a\n\n', [event('a')]],
    ['tells only the id without data', 'event: x\nid: 7\n\n\n', [{ type: 'id', lastEventId: '7' }]],
    ['forgets the event type without data', 'event: x\n\ndata: a\n\n', [event('a')]],
    ['takes an empty id for none', 'id: 7\ndata: a\n\nid\ndata: b\n\n', [event('a', 'message', '7'), event('b')]],
    ['dispatches nothing unfinished', 'data: a\n', []],
    ['reads retry in digits only', 'retry: 250\nretry: 1.5\nretry: x\n', [{ type: 'retry', ms: 250 }]],
    ['skips a byte order mark', '\uFEFFdata: a\n\n', [event('a')]],
    ['takes a byte order mark inside for text', 'data: a\n\n\uFEFFdata: b\n\n\uFEFF\n\n', [event('a')]],
    ['skips one byte order mark only', '\uFEFF\uFEFFdata: a\n\ndata: b\n\n', [event('b')]],
    [
      'takes all three kinds of line end',
      'data: a\r\n\r\ndata: b\r\rdata: c\n\n',
      [event('a'), event('b'), event('c')],
    ],
  ])('%s', (_, text, parts) => {
    expect(parse(text)).toEqual(parts);
  });

  it('reads the same however the text is cut into pieces', () => {
    const line = fc.constantFrom('data: a', 'data', 'event: x', 'id: 1', 'retry: 9', ': c', '\uFEFFdata: d', '', '');
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const text = fc.array(fc.tuple(line, end)).map((lines) => `${lines.flat().join('')}data: z\n\n`);
    fc.assert(
      fc.property(text, fc.array(fc.nat(200)), (whole, cuts) => {
        const at = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((to, index) => whole.slice(at[index], to));
        expect(parse(...pieces)).toEqual(parse(whole));
      }),
    );
  });

  it('tells an event that ends in a carriage return at once, and takes no line feed after it for a line', () => {
    const parser = new SseParser();
    expect(parser.push('data: a\r\r')).toEqual([event('a')]);
    expect(parser.push('\ndata: b\r')).toEqual([]);
    expect(parser.push('')).toEqual([]);
    expect(parser.push('\n\r')).toEqual([event('b')]);
    expect(parser.push('\n\n')).toEqual([]);
  });

  it('takes a byte order mark for one at the very beginning only, however the text is cut', () => {
    expect(parse('', '\uFEFF', 'data: a\n\n', '\uFEFFdata: b\n\n')).toEqual([event('a')]);
  });

  it('keeps the id of a former connection for events without one', () => {
    const parser = new SseParser(100, 'f.7');
    expect(parser.push('data: a\n\nid: 8\n\n')).toEqual([
      event('a', 'message', 'f.7'),
      { type: 'id', lastEventId: '8' },
    ]);
  });

  it('reads a character once, however the text is cut', () => {
    // Counts what is searched for line ends: cost, without a clock.
    const searched = { length: 0 };
    const exec = RegExp.prototype.exec;
    const spy = vi.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, text: string) {
      searched.length += text.length - this.lastIndex;
      return exec.call(this, text);
    });
    const parser = new SseParser();
    const piece = 'x'.repeat(10);
    parser.push('data: ');
    for (let at = 0; at < 1_000; at++) parser.push(piece);
    const parts = parser.push('\n\n');
    spy.mockRestore();
    expect(parts).toEqual([event('x'.repeat(10_000))]);
    expect(searched.length).toBeLessThan(25_000);
  });

  it('refuses to keep an event or a line longer than allowed', () => {
    const long = { code: 'EVENT_TOO_LONG' };
    expect(() => new SseParser(10).push('data: 0123456789')).toThrow(expect.objectContaining(long));
    expect(() => new SseParser(10).push('data: 012345\ndata: 0123\n\n')).toThrow(expect.objectContaining(long));
    expect(new SseParser(10).push('data: 0123\n\ndata: 0123\n\n')).toHaveLength(2);
  });
});
