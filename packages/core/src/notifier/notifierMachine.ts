import { type ActorRef, assertEvent, assign, type Snapshot, sendTo, setup } from 'xstate';
import type { CompiledLogic } from '../compile/compile.ts';
import type { DropReason, NotifierEvent } from '../events/events.ts';
import type { CloseReason } from '../model/closeReason.ts';
import type { GoawayNotice } from '../model/notice.ts';
import type { ActorOf } from '../registry/ended.ts';
import type { DeliveryEvent, LossEvent } from './deliveryEvents.ts';
import type { DeliveryPort } from './deliveryPort.ts';
import type { ResolvedNotifierOptions } from './notifierOptions.ts';

/** Input of the notifier machine. */
export interface NotifierInput {
  readonly id: string;
  readonly delivery: DeliveryPort;
  readonly options: ResolvedNotifierOptions;
  /** Sent instead of anything else to a client that comes while the supervisor drains. */
  readonly goaway: GoawayNotice | undefined;
  /** Receives every event of this notifier. */
  readonly listener: ActorRef<Snapshot<unknown>, NotifierEvent>;
}

/** Context of the notifier machine. */
export interface NotifierContext extends NotifierInput {
  /** Whether the goaway was delivered. */
  readonly told: boolean;
  readonly reason: CloseReason;
}

/** Events that others send to a notifier. */
export type NotifierCommand =
  | { readonly type: 'goaway'; readonly notice: GoawayNotice }
  | { readonly type: 'close'; readonly reason: CloseReason };

/** Output of the notifier machine: why it ended, and whether the goaway was delivered. */
export interface NotifierOutput {
  readonly reason: CloseReason;
  readonly told: boolean;
}

/** Reports what the client missed and will never be handed, when it is stopped from reading. */
function reportUnread({ id, listener, goaway, delivery }: NotifierContext, reason: DropReason, owed: number): void {
  const { coalesced, dropped } = delivery.stop();
  if (coalesced > 0) listener.send({ type: 'notice.coalesced', id, count: coalesced });
  const count = dropped + owed;
  if (count === 0) return;
  listener.send({ type: 'notice.dropped', id, count, goaway: owed > 0 && goaway !== undefined, reason });
}

/** Returns how many notices were handed over and not taken, or wait beside the log: that is the goaway. */
function undelivered({ delivery, goaway, told }: NotifierContext): number {
  if (told) return 0;
  return delivery.inFlightCount + (goaway === undefined || goaway === delivery.inFlight ? 0 : 1);
}

/**
 * Owns one client's subscription: latest wins per topic, one delivery in flight, and a goaway that nothing displaces.
 * @internal
 */
export const notifierMachine = setup({
  types: {
    context: {} as NotifierContext,
    events: {} as NotifierCommand | DeliveryEvent | LossEvent,
    input: {} as NotifierInput,
    output: {} as NotifierOutput,
    tags: {} as 'stalled',
  },
  actions: {
    startReading: ({ context }) => context.delivery.start(context.options.resumeAfter),
    sendGoaway: ({ context }) => {
      if (context.goaway !== undefined) context.delivery.sendGoaway(context.goaway);
    },
    stopReading: ({ context }) => reportUnread(context, 'goaway', 0),
    keepGoaway: assign(({ event }) => {
      assertEvent(event, 'goaway');
      return { goaway: event.notice };
    }),
    reportCoalesced: sendTo(
      ({ context }) => context.listener,
      ({ context, event }): NotifierEvent => {
        assertEvent(event, 'notices.coalesced');
        return { type: 'notice.coalesced', id: context.id, count: event.count };
      },
    ),
    reportOverflow: sendTo(
      ({ context }) => context.listener,
      ({ context, event }): NotifierEvent => {
        assertEvent(event, 'notices.dropped');
        return { type: 'notice.dropped', id: context.id, count: event.count, goaway: false, reason: 'overflow' };
      },
    ),
    reportUndelivered: ({ context }) => reportUnread(context, context.reason, undelivered(context)),
    reportStall: sendTo(
      ({ context }) => context.listener,
      ({ context }): NotifierEvent => ({
        type: 'delivery.stalled',
        id: context.id,
        waitedMs: context.options.stallAfterMs,
      }),
    ),
    reportFailure: sendTo(
      ({ context }) => context.listener,
      ({ context, event }): NotifierEvent => {
        assertEvent(event, 'delivery.failed');
        return { type: 'delivery.failed', id: context.id, cause: event.cause };
      },
    ),
    abandonDelivery: ({ context }) => context.delivery.abandon(),
    noteTold: assign({ told: true }),
    setReason: assign({ reason: (_, reason: CloseReason) => reason }),
  },
  guards: {
    isInFlight: ({ context }) => context.delivery.inFlight !== undefined,
    hasGoaway: ({ context }) => context.goaway !== undefined,
  },
  delays: {
    stallAfter: ({ context }) => context.options.stallAfterMs,
    evictAfter: ({ context }) => context.options.evictAfterMs,
  },
}).createMachine({
  id: 'notifier',
  // Named one by one, so that the engine lays a context out in one piece, for good.
  context: ({ input: { id, delivery, options, goaway, listener } }) => ({
    id,
    delivery,
    options,
    goaway,
    listener,
    told: false,
    reason: 'stopped',
  }),
  initial: 'choosing',
  output: ({ context: { reason, told } }) => ({ reason, told }),
  on: {
    close: { target: '.closed', actions: { type: 'setReason', params: ({ event }) => event.reason } },
    'delivery.failed': { target: '.closed', actions: ['reportFailure', { type: 'setReason', params: 'failed' }] },
    'notices.coalesced': { actions: 'reportCoalesced' },
    'notices.dropped': { actions: 'reportOverflow' },
  },
  states: {
    choosing: {
      always: [
        { guard: 'hasGoaway', target: 'parting', actions: 'sendGoaway' },
        { target: 'reading', actions: 'startReading' },
      ],
    },
    // What waits stands in the log of the topics. A delivery that is done at once is not heard of here.
    reading: {
      initial: 'ready',
      on: {
        goaway: [
          // What is under way is waited for, for no longer than it would have been.
          { guard: 'isInFlight', actions: ['keepGoaway', 'stopReading'] },
          { target: 'parting', actions: ['keepGoaway', 'stopReading', 'sendGoaway'] },
        ],
        'delivery.done': [{ guard: 'hasGoaway', target: 'parting', actions: 'sendGoaway' }, { target: '.ready' }],
      },
      states: {
        ready: { on: { 'delivery.awaited': 'awaiting' } },
        awaiting: { after: { stallAfter: 'stalled' } },
        stalled: {
          tags: 'stalled',
          entry: 'reportStall',
          after: { evictAfter: { target: '#notifier.closed', actions: { type: 'setReason', params: 'stalled' } } },
        },
      },
    },
    parting: {
      initial: 'handing',
      on: { 'delivery.done': { target: 'closed', actions: ['noteTold', { type: 'setReason', params: 'goaway' }] } },
      states: {
        handing: { on: { 'delivery.awaited': 'awaiting' } },
        awaiting: {
          after: { evictAfter: { target: '#notifier.closed', actions: { type: 'setReason', params: 'stalled' } } },
        },
      },
    },
    closed: { type: 'final', entry: ['reportUndelivered', 'abandonDelivery'] },
  },
});

/** The compiled chart of a notifier. */
export type NotifierLogic = CompiledLogic<typeof notifierMachine>;

/** The running actor of a notifier. */
export type NotifierActor = ActorOf<NotifierLogic>;
