import { assertEvent, assign, raise, sendTo } from 'xstate';
import type { MonitorEvent } from '../events/events.ts';
import { noFlaps } from './flapping.ts';
import { now } from './monitorContext.ts';
import { monitorSetup } from './monitorSetup.ts';
import { noStreaks } from './streaks.ts';

/** Why a target is paused, in one line. */
export const pauseDetail = (ttlMs: number | undefined): string =>
  ttlMs === undefined ? 'paused' : `paused for ${ttlMs} ms`;

/** What a monitor's chart does when its owner tells it something. */
export const withCommands = monitorSetup.extend({
  actions: {
    noteConnected: assign(({ context }) => ({ connectedAt: now(context), activeAt: now(context) })),
    noteReconnecting: assign({ detail: 'reconnecting' }),
    noteActivity: assign({ activeAt: ({ context }) => now(context) }),
    notePause: assign(({ context, event }) => {
      assertEvent(event, 'pause');
      return {
        pausedUntil: event.ttlMs === undefined ? undefined : now(context) + event.ttlMs,
        detail: pauseDetail(event.ttlMs),
      };
    }),
    forgetDetail: assign({ detail: undefined }),
    resume: raise({ type: 'resume' }),
    oweCheck: assign({ checkOwed: true }),
    payCheck: assign({ checkOwed: false }),
    beginEpoch: assign(({ context, event }) => {
      assertEvent(event, 'update');
      const { probe, options } = event;
      const begun = { epoch: context.epoch + 1, options };
      if (probe === undefined) return begun;
      return { ...begun, probe, streaks: noStreaks, flaps: noFlaps, registeredAt: now(context), detail: undefined };
    }),
    reportUpdate: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, epoch, options } }): MonitorEvent => ({
        type: 'monitor.updated',
        id,
        epoch,
        required: options.required,
      }),
    ),
  },
  guards: {
    isCheckOwed: ({ context }) => context.checkOwed,
    isForAWhile: ({ event }) => event.type === 'pause' && event.ttlMs !== undefined,
    recallsRest: ({ context }) => context.memory?.health === 'paused' && context.pausedUntil !== undefined,
    recallsPause: ({ context }) => context.memory?.health === 'paused',
    isNewProbe: ({ event }) => event.type === 'update' && event.probe !== undefined,
  },
  delays: { pauseTtl: ({ context }) => Math.max(0, (context.pausedUntil ?? 0) - now(context)) },
});
