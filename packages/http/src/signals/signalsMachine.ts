import type { DrainReport } from '@watchkeeper/core';
import { type AnyEventObject, assertEvent, assign, type ErrorActorEvent, fromPromise, setup } from 'xstate';
import type { EndCause, SignalEvent } from './signalEvents.ts';
import type { ResolvedSignalOptions } from './signalOptions.ts';

/** Input of the signals machine. */
export interface SignalsInput {
  readonly options: ResolvedSignalOptions;
  /** Begins the drain; every call returns the same report. */
  readonly drain: () => Promise<DrainReport>;
  /** The number the platform gives a signal. */
  readonly numberOf: (signal: NodeJS.Signals) => number;
  /** Called with every event. Must not throw. */
  readonly tell: (event: SignalEvent) => void;
}

/** Context of the signals machine. */
export interface SignalsContext extends SignalsInput {
  readonly firstAt: number;
  readonly report: DrainReport | undefined;
  readonly failed: boolean;
  readonly code: number;
  readonly because: EndCause;
}

const drain = fromPromise<DrainReport, SignalsContext>(async ({ input }) => input.drain());

const finish = fromPromise<void, SignalsContext>(async ({ input: { options, report } }) => {
  if (report !== undefined) await options.finish(report);
});

const causeOf = ({ event }: { event: AnyEventObject }): unknown => (event as ErrorActorEvent).error;

/**
 * From the first signal to the end of the process: drain, finish, exit; at once at a second
 * SIGINT, or when time is up.
 * @internal
 */
export const signalsMachine = setup({
  types: {
    context: {} as SignalsContext,
    events: {} as { type: 'signal'; signal: NodeJS.Signals } | { type: 'remove' },
    input: {} as SignalsInput,
  },
  actors: { drain, finish },
  actions: {
    noteSignal: assign({ firstAt: ({ context }) => context.options.clock.now() }),
    tellSignal: ({ context, event }) => {
      assertEvent(event, 'signal');
      context.tell({ type: 'signal.received', signal: event.signal });
    },
    tellRepeat: ({ context, event }) => {
      assertEvent(event, 'signal');
      context.tell({ type: 'signal.repeated', signal: event.signal });
    },
    noteReport: assign({ report: (_, report: DrainReport) => report }),
    tellReport: ({ context }, report: DrainReport) => context.tell({ type: 'drain.ended', report }),
    noteFailure: assign({ failed: true }),
    tellFailure: ({ context }, cause: unknown) => context.tell({ type: 'ending.failed', cause }),
    endByOutcome: assign(({ context: { report, failed } }) => {
      const because = failed ? 'failed' : report?.reason === 'drained' ? 'drained' : 'cutShort';
      return { because, code: because === 'drained' ? 0 : 1 };
    }),
    endBySignal: assign(({ context, event }) => {
      assertEvent(event, 'signal');
      return { because: 'signal' as const, code: 128 + context.numberOf(event.signal) };
    }),
    endByDeadline: assign({ because: 'hardDeadline' as const, code: 1 }),
    tellEnd: ({ context: { tell, code, because } }) => tell({ type: 'process.ended', code, because }),
    exit: ({ context: { options, code } }) => options.exit(code),
  },
  guards: {
    forces: ({ context: { options, firstAt }, event }) =>
      event.type === 'signal' &&
      event.signal === 'SIGINT' &&
      options.secondSignal === 'force' &&
      options.clock.now() - firstAt >= options.echoMs,
  },
  delays: { hardDeadline: ({ context }) => context.options.hardDeadlineMs },
}).createMachine({
  id: 'signals',
  context: ({ input }) => ({
    ...input,
    firstAt: 0,
    report: undefined,
    failed: false,
    code: 0,
    because: 'drained',
  }),
  initial: 'listening',
  states: {
    listening: {
      on: { signal: { target: 'leaving', actions: ['noteSignal', 'tellSignal'] }, remove: 'removed' },
    },
    leaving: {
      initial: 'draining',
      after: { hardDeadline: { target: 'ended', actions: 'endByDeadline' } },
      on: {
        signal: [
          { guard: 'forces', target: 'ended', actions: ['tellSignal', 'endBySignal'] },
          { actions: 'tellRepeat' },
        ],
      },
      states: {
        draining: {
          invoke: {
            src: 'drain',
            input: ({ context }) => context,
            onDone: {
              target: 'finishing',
              actions: [
                { type: 'noteReport', params: ({ event }) => event.output },
                { type: 'tellReport', params: ({ event }) => event.output },
              ],
            },
            onError: { target: 'over', actions: ['noteFailure', { type: 'tellFailure', params: causeOf }] },
          },
        },
        finishing: {
          invoke: {
            src: 'finish',
            input: ({ context }) => context,
            onDone: 'over',
            onError: { target: 'over', actions: ['noteFailure', { type: 'tellFailure', params: causeOf }] },
          },
        },
        over: { always: { target: '#signals.ended', actions: 'endByOutcome' } },
      },
    },
    ended: { type: 'final', entry: ['tellEnd', 'exit'] },
    removed: { type: 'final' },
  },
});
