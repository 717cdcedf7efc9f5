import { assertEvent, assign, type EventObject, fromCallback, setup } from 'xstate';
import { type CallStatus, statusCode } from '../protocol/callStatus.ts';
import type { ServingStatus } from '../protocol/healthProto.ts';
import type { HealthChannel } from './healthChannel.ts';
import { backoffMs } from './watchBackoff.ts';

/** What a health watch is made of. */
export interface HealthWatchInput {
  readonly channel: HealthChannel;
  readonly service: string;
  /** How long one Check, or the first word of a Watch, may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How often to ask a server that has no Watch, in milliseconds. */
  readonly pollMs: number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

/** What a health watch remembers. */
export interface HealthWatchContext extends HealthWatchInput {
  /** What the server last said; `UNKNOWN` while it cannot be heard. */
  readonly status: ServingStatus;
  /** Why the server cannot be heard. */
  readonly failure: CallStatus | undefined;
  /** Attempts that failed since the last word of the server. */
  readonly failures: number;
}

/** What a health watch can be told. */
export type HealthWatchEvent =
  | { readonly type: 'heard'; readonly status: ServingStatus }
  | { readonly type: 'failed'; readonly how: CallStatus }
  | { readonly type: 'close' };

const hungUp: CallStatus = { code: statusCode.cancelled, details: 'The watch was closed' };

const watch = fromCallback<EventObject, HealthWatchContext>(({ input: { channel, service }, sendBack }) =>
  channel.watch(service, {
    heard: (status) => sendBack({ type: 'heard', status }),
    ended: (how) => sendBack({ type: 'failed', how }),
  }),
);

const check = fromCallback<EventObject, HealthWatchContext>(({ input: { channel, service, timeoutMs }, sendBack }) => {
  const abort = new AbortController();
  void channel.check(service, timeoutMs, abort.signal).then((answer) => {
    if ('status' in answer) sendBack({ type: 'heard', status: answer.status });
    else sendBack({ type: 'failed', how: answer.failure });
  });
  return () => abort.abort();
});

/** Keeps hearing one server: Watch where there is one, else Check; back-off as in gRFC A17. */
export const healthWatchMachine = setup({
  types: {
    context: {} as HealthWatchContext,
    events: {} as HealthWatchEvent,
    input: {} as HealthWatchInput,
    tags: {} as 'waiting',
  },
  actors: { watch, check },
  actions: {
    noteStatus: assign(({ event }) => {
      assertEvent(event, 'heard');
      return { status: event.status, failures: 0, failure: undefined };
    }),
    noteFailure: assign(({ context, event }) => {
      assertEvent(event, 'failed');
      return { status: 'UNKNOWN' as const, failures: context.failures + 1, failure: event.how };
    }),
    noteSilence: assign(({ context }) => ({
      status: 'UNKNOWN' as const,
      failures: context.failures + 1,
      failure: { code: statusCode.deadlineExceeded, details: `No word within ${context.timeoutMs} ms` },
    })),
    forgetStatus: assign({ status: 'UNKNOWN', failure: hungUp }),
    closeChannel: ({ context }) => context.channel.close(),
  },
  guards: {
    isUnimplemented: ({ event }) => event.type === 'failed' && event.how.code === statusCode.unimplemented,
  },
  delays: {
    silence: ({ context }) => context.timeoutMs,
    poll: ({ context }) => context.pollMs,
    backoff: ({ context }) => backoffMs(context.failures, context.random()),
  },
}).createMachine({
  id: 'healthWatch',
  context: ({ input }) => ({ ...input, status: 'UNKNOWN', failure: undefined, failures: 0 }),
  initial: 'watching',
  on: { close: '.closed' },
  states: {
    watching: {
      invoke: { src: 'watch', input: ({ context }) => context },
      initial: 'connecting',
      on: {
        heard: { target: '.told', actions: 'noteStatus' },
        failed: [
          { guard: 'isUnimplemented', target: 'checking' },
          { target: 'retrying', actions: 'noteFailure' },
        ],
      },
      states: {
        connecting: {
          tags: 'waiting',
          after: { silence: { target: '#healthWatch.retrying', actions: 'noteSilence' } },
        },
        told: {},
      },
    },
    checking: {
      initial: 'asking',
      states: {
        asking: {
          tags: 'waiting',
          invoke: { src: 'check', input: ({ context }) => context },
          on: {
            heard: { target: 'resting', actions: 'noteStatus' },
            failed: [
              { guard: 'isUnimplemented', target: '#healthWatch.unchecked', actions: 'noteFailure' },
              { target: '#healthWatch.retrying', actions: 'noteFailure' },
            ],
          },
        },
        resting: { after: { poll: 'asking' } },
      },
    },
    unchecked: {},
    retrying: { after: { backoff: 'watching' } },
    closed: { type: 'final', entry: ['forgetStatus', 'closeChannel'] },
  },
});
