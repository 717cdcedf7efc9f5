import { assertEvent, assign, type EventObject, fromCallback, setup } from 'xstate';
import { type CallStatus, statusCode } from '../protocol/callStatus.ts';
import type { ServingStatus } from '../protocol/healthProto.ts';
import type { HealthChannel } from './healthChannel.ts';
import { watchBackoffMs } from './watchBackoff.ts';

/** Input of the health watch machine. */
export interface HealthWatchInput {
  readonly channel: HealthChannel;
  readonly service: string;
  /** How long one Check, or the first status of a Watch, may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How often to ask a server that has no Watch, in milliseconds. */
  readonly pollMs: number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

/** Context of the health watch machine. */
export interface HealthWatchContext extends HealthWatchInput {
  /** The latest status from the server; `UNKNOWN` while it cannot be reached. */
  readonly status: ServingStatus;
  /** Why the server cannot be reached. */
  readonly failure: CallStatus | undefined;
  /** Attempts that failed since the last status from the server. */
  readonly failures: number;
}

/** Events of the health watch machine. */
export type HealthWatchEvent =
  | { readonly type: 'heard'; readonly status: ServingStatus }
  | { readonly type: 'failed'; readonly how: CallStatus }
  | { readonly type: 'close' };

const closedByUs: CallStatus = { code: statusCode.cancelled, details: 'The watch was closed' };

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

/** Follows the health of one server: by Watch where there is one, else by Check; back-off as in gRFC A17. */
export const healthWatchMachine = setup({
  types: {
    context: {} as HealthWatchContext,
    events: {} as HealthWatchEvent,
    input: {} as HealthWatchInput,
    tags: {} as 'pending',
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
    forgetStatus: assign({ status: 'UNKNOWN', failure: closedByUs }),
    closeChannel: ({ context }) => context.channel.close(),
  },
  guards: {
    isUnimplemented: ({ event }) => event.type === 'failed' && event.how.code === statusCode.unimplemented,
  },
  delays: {
    silence: ({ context }) => context.timeoutMs,
    poll: ({ context }) => context.pollMs,
    backoff: ({ context }) => watchBackoffMs(context.failures, context.random()),
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
          tags: 'pending',
          after: { silence: { target: '#healthWatch.retrying', actions: 'noteSilence' } },
        },
        told: {},
      },
    },
    checking: {
      initial: 'asking',
      states: {
        asking: {
          tags: 'pending',
          invoke: { src: 'check', input: ({ context }) => context },
          on: {
            heard: { target: 'waiting', actions: 'noteStatus' },
            failed: [
              { guard: 'isUnimplemented', target: '#healthWatch.unchecked', actions: 'noteFailure' },
              { target: '#healthWatch.retrying', actions: 'noteFailure' },
            ],
          },
        },
        waiting: { after: { poll: 'asking' } },
      },
    },
    unchecked: {},
    retrying: { after: { backoff: 'watching' } },
    closed: { type: 'final', entry: ['forgetStatus', 'closeChannel'] },
  },
});
