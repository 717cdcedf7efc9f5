import type { ErrorActorEvent } from 'xstate';
import { freshContext, reportOf } from './dispatcherContext.ts';
import { dispatcherSetup } from './dispatcherSetup.ts';

/**
 * Owns what one destination is owed: one alert on its way at a time, in their order, each tried until it is delivered,
 * refused or has failed too often. Whoever sends it an alert never waits (INV-71).
 */
export const dispatcherMachine = dispatcherSetup.createMachine({
  id: 'dispatcher',
  context: ({ input }) => freshContext(input),
  initial: 'working',
  output: reportOf,
  states: {
    working: {
      type: 'parallel',
      on: { update: { actions: 'adopt' } },
      states: {
        delivery: {
          initial: 'idle',
          states: {
            idle: { always: { guard: 'isOwed', target: 'sending' } },
            sending: {
              entry: 'beginTry',
              exit: 'endTry',
              invoke: {
                src: 'deliver',
                input: ({ context }) => context,
                onDone: { target: 'idle', actions: ['noteDelivered', 'tell'] },
                onError: {
                  target: 'failed',
                  actions: { type: 'noteFailure', params: ({ event }: { event: ErrorActorEvent }) => event.error },
                },
              },
              after: { timeout: { target: 'failed', actions: 'noteTimeout' } },
            },
            failed: {
              always: [
                { guard: 'isRefused', target: 'idle', actions: [{ type: 'giveUp', params: 'refused' }, 'tell'] },
                { guard: 'isExhausted', target: 'idle', actions: [{ type: 'giveUp', params: 'exhausted' }, 'tell'] },
                { target: 'backingOff', actions: ['planRetry', 'tell'] },
              ],
            },
            backingOff: {
              after: { retry: 'sending' },
              // There is little time left, or a destination that may work: no reason to go on waiting.
              on: { close: 'sending', update: { target: 'sending', actions: 'adopt' } },
            },
          },
        },
        intake: {
          initial: 'open',
          states: {
            open: { on: { alert: { actions: ['accept', 'tell'] }, close: 'closing' } },
            closing: {
              always: { guard: 'isNothingOwed', target: '#dispatcher.ended' },
              after: { patience: '#dispatcher.ended' },
              on: { alert: { actions: ['refuse', 'tell'] } },
            },
          },
        },
      },
    },
    ended: { type: 'final', entry: ['noteUndelivered', 'tell'] },
  },
});
