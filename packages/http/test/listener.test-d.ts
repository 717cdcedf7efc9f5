import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Supervisor } from '@watchkeeper/core';
import { drainHttpServer, type HttpListener, healthAnswers, healthRoutes, onSignals, sseFeed } from '@watchkeeper/http';
import { watchSse } from '@watchkeeper/http/client';
import { expectTypeOf, test } from 'vitest';

declare const keeper: Supervisor;

test('listeners fit the servers of Node without a cast', () => {
  expectTypeOf(healthRoutes(keeper)).toEqualTypeOf<HttpListener>();
  expectTypeOf(createServer).toBeCallableWith(sseFeed(keeper));
  expectTypeOf(createHttp2Server).toBeCallableWith(sseFeed(keeper));
});

test('a question and a server must be ones we know', () => {
  // @ts-expect-error no such plane
  healthAnswers(keeper)('alive');
  // @ts-expect-error a listener is no server
  drainHttpServer(healthRoutes(keeper), keeper);
});

test('an option must be of its type', () => {
  // @ts-expect-error a number of milliseconds, not text
  onSignals(keeper, { terminationGraceMs: '30s' });
  // @ts-expect-error nobody would hear the notices
  watchSse('https://feed.example', {});
  watchSse('https://feed.example', {
    onNotice: (notice) => {
      if (notice.type === 'goaway') expectTypeOf(notice.graceMs).toEqualTypeOf<number>();
      else expectTypeOf(notice.topic).toEqualTypeOf<string>();
    },
  });
});
