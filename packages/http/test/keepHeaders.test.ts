import { describe, expect, it, vi } from 'vitest';
import { callKeepingHeaders, type HeadersSet } from '../src/frameworks/keepHeaders.ts';
import type { HttpListener, HttpRequest, HttpResponse } from '../src/index.ts';

const request: HttpRequest = { headers: {} };

/** A response whose way to begin is its class's, or a wrapper of its own, as a compressor sets. */
function respond(listener: HttpListener, headersSet: HeadersSet, isWrapped = false, next?: () => void) {
  const writeHead = vi.fn<HttpResponse['writeHead']>();
  const host = { writeHead, write: () => true, end: vi.fn(), destroy: vi.fn(), on: vi.fn() };
  const response: HttpResponse = isWrapped ? host : Object.create(host);
  const answers = callKeepingHeaders(listener, request, response, () => headersSet, next);
  return { response, writeHead, answers };
}

describe('callKeepingHeaders', () => {
  it.each([false, true])(
    'sends what was set before, the listener’s own in its place, and nothing that describes another body (wrapped: %s)',
    (isWrapped) => {
      const set: HeadersSet = [
        ['vary', 'origin'],
        ['x-count', 1],
        ['cache-control', 'public'],
        ['x-none', undefined],
        ['Content-Type', 'text/html'],
        ['content-length', '3'],
        ['content-encoding', 'gzip'],
        ['transfer-encoding', 'chunked'],
        ['ETag', '"a"'],
      ];
      const answer: HttpListener = (_, response) => {
        response.writeHead(200, { 'Cache-Control': 'no-store' });
        return true;
      };
      const { writeHead } = respond(answer, set, isWrapped);
      expect(writeHead.mock.calls).toEqual([[200, { vary: 'origin', 'x-count': 1, 'Cache-Control': 'no-store' }]]);
    },
  );

  it.each([false, true])('leaves a response that the listener passes on as it was (wrapped: %s)', (isWrapped) => {
    const set: HeadersSet = [['vary', 'origin']];
    const { response, writeHead, answers } = respond(() => false, set, isWrapped);
    expect(answers).toBe(false);
    response.writeHead(404, {});
    let calls = 0;
    const toNext: HttpListener = (_, passed, next) => {
      next?.();
      calls += 1;
      passed.writeHead(404, {});
      return true;
    };
    const passed = respond(toNext, set, isWrapped, () => {
      calls += 1;
    });
    expect([calls, writeHead.mock.calls, passed.writeHead.mock.calls]).toEqual([2, [[404, {}]], [[404, {}]]]);
    expect(Object.hasOwn(passed.response, 'writeHead')).toBe(isWrapped);
  });
});
