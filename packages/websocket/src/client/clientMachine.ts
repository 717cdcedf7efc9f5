import { assertEvent, assign, sendTo, setup } from 'xstate';
import type { ResolvedClientOptions } from './clientOptions.ts';
import type { ReceivedFrame } from './frame.ts';
import { isFinalCode, retryDelayMs, returnDelayMs } from './retryDelay.ts';
import { type SocketActorEvent, socketLogic } from './socketActor.ts';

/** Input of the client machine. */
export interface ClientInput {
  readonly url: string;
  readonly options: ResolvedClientOptions;
  readonly receive: (frame: ReceivedFrame) => void;
}

/** Context of the client machine. */
export interface ClientContext extends ClientInput {
  /** The address to connect to next: a goaway may have named another. */
  readonly target: string;
  /** The topics to read; `undefined` stands for all. */
  readonly topics: readonly string[] | undefined;
  /** Up to where the hub has sent everything; empty before it said so. */
  readonly cursor: string;
  /** Connections in a row that did not last. */
  readonly failures: number;
  readonly waitMs: number;
  /** The wait until the time that the latest goaway named, in milliseconds. */
  readonly returnMs: number | undefined;
  readonly code: number;
  readonly reason: string;
}

/** Commands of the client machine. */
export type ClientCommand =
  | { readonly type: 'subscribe'; readonly topics: readonly string[] | undefined }
  | { readonly type: 'retry' }
  | { readonly type: 'close' };

/** Output of the client machine: who ended it, and with which close frame. */
export interface ClientOutput {
  readonly by: 'owner' | 'server';
  readonly code: number;
  readonly reason: string;
}

/** Keeps one connection to a hub: leaves at a goaway, and reconnects when that is welcome. */
export const clientMachine = setup({
  types: {
    context: {} as ClientContext,
    events: {} as ClientCommand | SocketActorEvent,
    input: {} as ClientInput,
    output: {} as ClientOutput,
  },
  actors: { socket: socketLogic },
  actions: {
    keepTopics: assign(({ event }) => {
      assertEvent(event, 'subscribe');
      return { topics: event.topics };
    }),
    sendTopics: sendTo('socket', ({ context: { topics } }) => ({
      type: 'send' as const,
      text: JSON.stringify(topics === undefined ? { type: 'subscribe' } : { type: 'subscribe', topics }),
    })),
    keepCursor: assign(({ event }) => {
      assertEvent(event, 'cursor');
      return { cursor: event.cursor };
    }),
    aimElsewhere: assign(({ context, event }) => {
      assertEvent(event, 'goaway');
      const { graceMs, uri, reconnectAfterMs } = event.notice;
      const { options, url } = context;
      const longestMs = Math.min(graceMs, options.leaveWithinMs);
      const drawnMs = longestMs * options.random();
      const returnMs = returnDelayMs(reconnectAfterMs, options, options.random());
      const waitMs = returnMs !== undefined && returnMs <= longestMs ? returnMs : drawnMs;
      return { target: options.redirect(uri, url) ?? url, waitMs, returnMs };
    }),
    countLeaving: assign({ returnMs: ({ context: { returnMs = 0, waitMs } }) => returnMs - waitMs }),
    forgetReturn: assign({ returnMs: undefined }),
    aimHome: assign({ target: ({ context }) => context.url }),
    noteLasting: assign({ failures: 0 }),
    noteClose: assign(({ event }) => {
      assertEvent(event, 'closed');
      return { code: event.code, reason: event.reason };
    }),
    noteTimeout: assign({ code: 1006, reason: 'no answer' }),
    drawWait: assign(({ context: { code, failures, options, returnMs } }) =>
      returnMs === undefined
        ? { failures: failures + 1, waitMs: retryDelayMs(code, failures + 1, options, options.random()) }
        : { returnMs: undefined, waitMs: returnMs },
    ),
    noteOwner: assign({ code: 1000, reason: 'closed by its owner' }),
  },
  guards: {
    isFinal: ({ event }) => event.type === 'closed' && isFinalCode(event.code),
    isToldLater: ({ context: { returnMs = 0, waitMs } }) => returnMs > waitMs,
  },
  delays: {
    connectTimeout: ({ context }) => context.options.connectTimeoutMs,
    lasting: ({ context }) => context.options.lastingMs,
    wait: ({ context }) => context.waitMs,
  },
}).createMachine({
  id: 'client',
  context: ({ input }) => ({
    ...input,
    target: input.url,
    topics: input.options.topics,
    cursor: '',
    failures: 0,
    waitMs: 0,
    returnMs: undefined,
    code: 1006,
    reason: '',
  }),
  initial: 'linked',
  output: ({ context: { code, reason } }) => ({
    by: reason === 'closed by its owner' ? 'owner' : 'server',
    code,
    reason,
  }),
  on: {
    subscribe: { actions: 'keepTopics' },
    close: { target: '.stopped', actions: 'noteOwner' },
  },
  states: {
    linked: {
      invoke: {
        id: 'socket',
        src: 'socket',
        input: ({ context: { target, topics, cursor, options, receive } }) => ({
          url: withSubscription(target, topics, cursor),
          connect: options.connect,
          receive,
        }),
      },
      initial: 'connecting',
      on: {
        cursor: { actions: 'keepCursor' },
        closed: [
          { guard: 'isFinal', target: 'stopped', actions: 'noteClose' },
          { target: 'waiting', actions: ['noteClose', 'aimHome'] },
        ],
      },
      states: {
        connecting: {
          on: { opened: 'open', subscribe: { target: '#client.linked', reenter: true, actions: 'keepTopics' } },
          after: { connectTimeout: { target: '#client.waiting', actions: ['noteTimeout', 'aimHome'] } },
        },
        open: {
          on: {
            goaway: { target: 'leaving', actions: 'aimElsewhere' },
            subscribe: { actions: ['keepTopics', 'sendTopics'] },
          },
          after: { lasting: { actions: 'noteLasting' } },
        },
        leaving: {
          after: {
            wait: [
              { guard: 'isToldLater', target: '#client.waiting', actions: 'countLeaving' },
              { target: '#client.linked', reenter: true, actions: 'forgetReturn' },
            ],
          },
        },
      },
    },
    waiting: {
      entry: 'drawWait',
      on: { retry: 'linked' },
      after: { wait: 'linked' },
    },
    stopped: { type: 'final' },
  },
});

/** The address with topics and cursor in its query, so that the first frames are the right ones already. */
function withSubscription(target: string, topics: readonly string[] | undefined, cursor: string): string {
  const url = new URL(target);
  url.searchParams.set('resume', cursor);
  if (topics === undefined) return url.href;
  url.searchParams.delete('topic');
  for (const topic of topics) url.searchParams.append('topic', topic);
  return url.href;
}
