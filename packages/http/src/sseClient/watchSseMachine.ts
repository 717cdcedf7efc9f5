import type { Notice } from '@watchkeeper/core';
import { assertEvent, assign, enqueueActions, setup } from 'xstate';
import { fetchStreamLogic, type StreamEvent } from './fetchStream.ts';
import { reconnectAfterMsOf, reconnectDelay } from './reconnectDelay.ts';
import type { SseWatchEvent, WatchEnd } from './watchSseEvents.ts';
import type { ResolvedWatchSseOptions } from './watchSseOptions.ts';

/** Input of the SSE watch machine. */
export interface WatchSseInput {
  readonly url: string;
  readonly options: ResolvedWatchSseOptions;
  /** Called with every notice. Must not throw. */
  readonly deliver: (notice: Notice) => void;
  /** Called with every event. Must not throw. */
  readonly tell: (event: SseWatchEvent) => void;
}

/** Context of the SSE watch machine. */
export interface WatchSseContext extends WatchSseInput {
  /** The id of the latest event that bore one, told or not. */
  readonly lastEventId: string;
  /** The server's latest `retry:`. */
  readonly retryMs: number;
  readonly retryAfterMs: number | undefined;
  /** `reconnectAfterMs` of the latest goaway. */
  readonly reconnectAfterMs: number | undefined;
  readonly failures: number;
  readonly waitMs: number;
  readonly reason: WatchEnd;
}

/** Follows one feed: connects, reads, and after every end waits as the server asked and connects again. */
export const watchSseMachine = setup({
  types: {
    context: {} as WatchSseContext,
    events: {} as StreamEvent | { type: 'close' },
    input: {} as WatchSseInput,
    output: {} as WatchEnd,
  },
  actors: { source: fetchStreamLogic },
  actions: {
    tellOpened: ({ context }) => context.tell({ type: 'opened', url: context.url }),
    tellSkipped: ({ context, event }) => {
      assertEvent(event, 'skipped');
      context.tell(event);
    },
    tellEnded: ({ context }) => context.tell({ type: 'ended' }),
    tellSilent: ({ context }) => context.tell({ type: 'silent' }),
    tellBroken: ({ context, event }) => {
      assertEvent(event, 'broken');
      context.tell(event);
    },
    tellRefused: ({ context, event }) => {
      assertEvent(event, 'refused');
      const { status, retryAfterMs } = event;
      context.tell({ type: 'refused', status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    },
    deliver: ({ context, event }) => {
      assertEvent(event, 'notice');
      context.deliver(event.notice);
    },
    keepCursor: assign(({ event }) => {
      assertEvent(event, ['notice', 'cursor']);
      return { lastEventId: event.lastEventId };
    }),
    forgetFailures: assign({ failures: 0 }),
    keepRetry: assign(({ event }) => {
      assertEvent(event, 'retry');
      return { retryMs: event.ms };
    }),
    keepRetryAfter: assign(({ event }) => {
      assertEvent(event, 'refused');
      return { retryAfterMs: event.retryAfterMs };
    }),
    follow: assign(({ context: { url, options }, event }) => {
      assertEvent(event, 'notice');
      const uri = event.notice.type === 'goaway' ? event.notice.uri : undefined;
      const to = uri !== undefined && URL.canParse(uri, url) ? new URL(uri, url) : undefined;
      return to !== undefined && /^https?:$/.test(to.protocol) && options.follows(to, new URL(url))
        ? { url: to.href }
        : {};
    }),
    keepReconnect: assign(({ context, event }) => {
      assertEvent(event, 'notice');
      const reconnectAfterMs = event.notice.type === 'goaway' ? reconnectAfterMsOf(event.notice) : undefined;
      // The `retry:` beside it says the same to clients that read no notices, and must not outlast the one wait.
      return reconnectAfterMs === undefined ? {} : { reconnectAfterMs, retryMs: context.options.retryMs };
    }),
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
    planWait: enqueueActions(({ context, enqueue }) => {
      const { retryMs, retryAfterMs, reconnectAfterMs, failures, options, tell } = context;
      // A longer wait of our own is a wish, not a server's.
      const maxMs = Math.max(options.maxRetryMs, options.retryMs);
      const known = { retryMs, retryAfterMs, reconnectAfterMs, failures, maxMs };
      const waitMs = reconnectDelay(known, options.random());
      enqueue.assign({ waitMs, retryAfterMs: undefined, reconnectAfterMs: undefined });
      enqueue(() => tell({ type: 'waiting', ms: waitMs, failures }));
    }),
    because: assign({ reason: (_, reason: WatchEnd) => reason }),
    tellClosed: ({ context }) => context.tell({ type: 'closed', reason: context.reason }),
  },
  guards: {
    isGoaway: ({ event }) => event.type === 'notice' && event.notice.type === 'goaway',
    // 204 is how a server asks an event source to stop, and 410 says that there never will be one again.
    isGone: ({ event }) => event.type === 'refused' && (event.status === 204 || event.status === 410),
  },
  delays: {
    connectTimeout: ({ context }) => context.options.connectTimeoutMs,
    idleTimeout: ({ context }) => context.options.idleTimeoutMs,
    wait: ({ context }) => context.waitMs,
  },
}).createMachine({
  id: 'watchSse',
  context: ({ input }) => ({
    ...input,
    lastEventId: '',
    retryMs: input.options.retryMs,
    retryAfterMs: undefined,
    reconnectAfterMs: undefined,
    failures: 0,
    waitMs: 0,
    reason: 'closed',
  }),
  initial: 'connected',
  output: ({ context }) => context.reason,
  on: { close: '.closed' },
  states: {
    connected: {
      invoke: {
        src: 'source',
        input: ({ context: { url, lastEventId, options } }) => ({ url, lastEventId, options }),
      },
      initial: 'connecting',
      on: {
        retry: { actions: 'keepRetry' },
        cursor: { actions: 'keepCursor' },
        skipped: { actions: 'tellSkipped' },
        notice: [
          {
            guard: 'isGoaway',
            target: 'waiting',
            actions: ['keepCursor', 'forgetFailures', 'deliver', 'follow', 'keepReconnect'],
          },
          { actions: ['keepCursor', 'forgetFailures', 'deliver'] },
        ],
        refused: [
          { guard: 'isGone', target: 'closed', actions: ['tellRefused', { type: 'because', params: 'gone' }] },
          { target: 'waiting', actions: ['tellRefused', 'keepRetryAfter', 'countFailure'] },
        ],
        broken: { target: 'waiting', actions: ['tellBroken', 'countFailure'] },
        ended: { target: 'waiting', actions: ['tellEnded', 'countFailure'] },
      },
      states: {
        connecting: {
          after: { connectTimeout: { target: '#watchSse.waiting', actions: ['tellSilent', 'countFailure'] } },
          on: { opened: { target: 'open', actions: 'tellOpened' } },
        },
        open: {
          after: { idleTimeout: { target: '#watchSse.waiting', actions: ['tellSilent', 'countFailure'] } },
          on: { alive: { target: 'open', reenter: true } },
        },
      },
    },
    waiting: { entry: 'planWait', after: { wait: 'connected' } },
    closed: { type: 'final', entry: 'tellClosed' },
  },
});
