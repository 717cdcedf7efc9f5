import { assertEvent, assign, type EventObject, fromCallback, setup } from 'xstate';
import { type CallStatus, statusCode } from '../protocol/callStatus.ts';
import type { ServingStatus } from '../protocol/healthProto.ts';
import type { MigrationHint } from '../protocol/migrationHint.ts';
import type { HealthChannel } from './healthChannel.ts';
import { longestBackoffMs, watchBackoffMs } from './watchBackoff.ts';

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
  /** The present instant, in milliseconds. */
  readonly now: () => number;
}

/** Context of the health watch machine. */
export interface HealthWatchContext extends HealthWatchInput {
  /** The latest status from the server, kept while it is asked anew; `UNKNOWN` while it cannot be reached. */
  readonly status: ServingStatus;
  /** Why the server cannot be reached. */
  readonly failure: CallStatus | undefined;
  /** Attempts that failed since the last status from the server. */
  readonly failures: number;
  /** When the present attempt began. */
  readonly attemptAt: number;
  /** Attempts in a row that were answered, and over within a second. */
  readonly briefAttempts: number;
  /** Where the server asked us to go, and when, until it is heard again. */
  readonly hint: MigrationHint | undefined;
}

/** Events of the health watch machine. */
export type HealthWatchEvent =
  | { readonly type: 'heard'; readonly status: ServingStatus }
  | { readonly type: 'failed'; readonly how: CallStatus }
  | { readonly type: 'disconnected' }
  | { readonly type: 'close' };

/** An attempt that is over within this time is a brief one, in milliseconds. */
const briefMs = 1_000;

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

const disconnection = fromCallback<EventObject, HealthWatchContext>(({ input: { channel }, sendBack }) =>
  channel.onceDisconnected(() => sendBack({ type: 'disconnected' })),
);

/** @returns how a call failed, in words where the status has none of use. */
function reasonOf({ code, details }: CallStatus): CallStatus {
  return code === statusCode.ok
    ? { code, details: 'The server ended the Watch with OK before any status' }
    : { code, details };
}

/**
 * Follows the health of one server: by Watch where there is one, else by Check; back-off as in gRFC A17.
 *
 * An answered attempt that ends is a rotation, not a failure: the last word holds, and the server is asked anew at once.
 */
export const healthWatchMachine = setup({
  types: {
    context: {} as HealthWatchContext,
    events: {} as HealthWatchEvent,
    input: {} as HealthWatchInput,
    tags: {} as 'pending',
  },
  actors: { watch, check, disconnection },
  actions: {
    noteStatus: assign(({ event }) => {
      assertEvent(event, 'heard');
      return { status: event.status, failures: 0, failure: undefined, hint: undefined };
    }),
    noteFailure: assign(({ context, event }) => {
      assertEvent(event, 'failed');
      const { hint } = event.how;
      return { status: 'UNKNOWN' as const, failures: context.failures + 1, failure: reasonOf(event.how), hint };
    }),
    noteSilence: assign(({ context }) => ({
      status: 'UNKNOWN' as const,
      failures: context.failures + 1,
      failure: { code: statusCode.deadlineExceeded, details: `No word within ${context.timeoutMs} ms` },
      hint: undefined,
    })),
    noteUnchecked: assign(({ event }) => {
      assertEvent(event, 'failed');
      return { status: 'UNKNOWN' as const, failures: 0, failure: event.how, hint: undefined };
    }),
    noteAttempt: assign(({ context }) => ({ attemptAt: context.now() })),
    noteRotation: assign(({ context, event }) => ({
      hint: event.type === 'failed' ? event.how.hint : undefined,
      briefAttempts: context.now() - context.attemptAt < briefMs ? context.briefAttempts + 1 : 0,
    })),
    forgetStatus: assign({ status: 'UNKNOWN', failure: closedByUs }),
    closeChannel: ({ context }) => context.channel.close(),
  },
  guards: {
    isUnimplemented: ({ event }) => event.type === 'failed' && event.how.code === statusCode.unimplemented,
    isSilence: ({ event }) => event.type === 'failed' && event.how.code === statusCode.deadlineExceeded,
    mayReconnectAtOnce: ({ context }) => context.briefAttempts <= 1 && context.hint?.reconnectAfterMs === undefined,
  },
  delays: {
    silence: ({ context }) => context.timeoutMs,
    poll: ({ context }) => context.pollMs,
    // A refusal says when there may be room; nobody is bound by it for longer than by a back-off.
    backoff: ({ context: { failures, hint, random } }) =>
      Math.max(watchBackoffMs(failures, random()), Math.min(hint?.reconnectAfterMs ?? 0, longestBackoffMs)),
    // A goaway gives each client its turn.
    rotationBackoff: ({ context: { briefAttempts, hint, pollMs, random } }) =>
      hint?.reconnectAfterMs ?? Math.min(watchBackoffMs(briefAttempts - 1, random()), pollMs),
  },
}).createMachine({
  id: 'healthWatch',
  context: ({ input }) => ({
    ...input,
    status: 'UNKNOWN',
    failure: undefined,
    failures: 0,
    attemptAt: 0,
    briefAttempts: 0,
    hint: undefined,
  }),
  initial: 'watching',
  on: { close: '.closed' },
  states: {
    watching: {
      entry: 'noteAttempt',
      invoke: { src: 'watch', input: ({ context }) => context },
      initial: 'connecting',
      states: {
        connecting: {
          tags: 'pending',
          after: { silence: { target: '#healthWatch.retrying', actions: 'noteSilence' } },
          on: {
            heard: { target: 'told', actions: 'noteStatus' },
            failed: [
              { guard: 'isUnimplemented', target: '#healthWatch.checking' },
              { target: '#healthWatch.retrying', actions: 'noteFailure' },
            ],
          },
        },
        told: {
          on: {
            heard: { actions: 'noteStatus' },
            failed: '#healthWatch.rotating',
          },
        },
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
              { guard: 'isUnimplemented', target: '#healthWatch.unchecked', actions: 'noteUnchecked' },
              { target: '#healthWatch.retrying', actions: 'noteFailure' },
            ],
          },
        },
        waiting: {
          invoke: { src: 'disconnection', input: ({ context }) => context },
          after: { poll: 'askingAgain' },
          on: { disconnected: '#healthWatch.rotating' },
        },
        askingAgain: {
          invoke: { src: 'check', input: ({ context }) => context },
          on: {
            heard: { target: 'waiting', actions: 'noteStatus' },
            failed: [
              { guard: 'isSilence', target: '#healthWatch.retrying', actions: 'noteFailure' },
              { target: '#healthWatch.rotating' },
            ],
          },
        },
      },
    },
    unchecked: {
      invoke: { src: 'disconnection', input: ({ context }) => context },
      on: { disconnected: 'rotating' },
    },
    rotating: {
      entry: 'noteRotation',
      always: { guard: 'mayReconnectAtOnce', target: 'watching' },
      after: { rotationBackoff: 'watching' },
    },
    retrying: { after: { backoff: 'watching' } },
    closed: { type: 'final', entry: ['forgetStatus', 'closeChannel'] },
  },
});
