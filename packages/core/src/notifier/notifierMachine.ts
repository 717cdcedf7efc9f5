import { type ActorRef, assertEvent, assign, type Snapshot, sendTo, setup } from 'xstate';
import type { CompiledLogic } from '../compile/compile.ts';
import type { DropReason, NotifierEvent } from '../events/events.ts';
import type { CloseReason } from '../model/closeReason.ts';
import type { GoawayNotice, Notice } from '../model/notice.ts';
import type { ActorOf } from '../registry/ended.ts';
import type { DeliveryEvent, DeliveryPort, NoticeEvent } from './deliveryPort.ts';
import type { ResolvedNotifierOptions } from './notifierOptions.ts';
import { type Outbox, post, sameTopic, withoutOldest } from './outbox.ts';

/** Input of the notifier machine. */
export interface NotifierInput {
  readonly id: string;
  readonly delivery: DeliveryPort;
  readonly options: ResolvedNotifierOptions;
  /** Notices that the client is sent first: the present state (INV-8). */
  readonly outbox: Outbox;
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
  | NoticeEvent
  | { readonly type: 'goaway'; readonly notice: GoawayNotice }
  | { readonly type: 'close'; readonly reason: CloseReason };

/** Output of the notifier machine: why it ended, and whether the goaway was delivered. */
export interface NotifierOutput {
  readonly reason: CloseReason;
  readonly told: boolean;
}

/** Returns the notices that were never delivered: the one in flight, those that waited, and a goaway. */
function undelivered({ delivery: { inFlight }, outbox, goaway, told }: NotifierContext): readonly Notice[] {
  if (told) return [];
  const owed = [inFlight, ...outbox, goaway === inFlight ? undefined : goaway];
  return owed.filter((notice) => notice !== undefined);
}

/** Reports every notice that will now never be delivered. */
function reportDrops({ id, listener }: NotifierContext, lost: readonly Notice[], reason: DropReason): void {
  for (const notice of lost) listener.send({ type: 'notice.dropped', id, notice, reason });
}

/**
 * Owns one client's outbox: latest wins per topic, one delivery in flight, and a goaway that nothing displaces.
 * @internal
 */
export const notifierMachine = setup({
  types: {
    context: {} as NotifierContext,
    events: {} as NotifierCommand | DeliveryEvent,
    input: {} as NotifierInput,
    output: {} as NotifierOutput,
    tags: {} as 'stalled',
  },
  actions: {
    sendNotice: ({ context, event }) => {
      assertEvent(event, 'notice');
      context.delivery.send(event.notice);
    },
    sendNext: ({ context }) => {
      const [next] = context.outbox;
      if (next !== undefined) context.delivery.send(next);
    },
    sendGoaway: ({ context }) => {
      if (context.goaway !== undefined) context.delivery.send(context.goaway);
    },
    reportNextDelivery: ({ context }) => context.delivery.reportNext(),
    keepGoaway: assign(({ event }) => {
      assertEvent(event, 'goaway');
      return { goaway: event.notice };
    }),
    keep: assign(({ context, event }) => {
      assertEvent(event, 'notice');
      return { outbox: post(context.outbox, event.notice) };
    }),
    dropOldest: assign(({ context }) => ({ outbox: withoutOldest(context.outbox) })),
    clearOutbox: assign({ outbox: [] }),
    reportCoalesced: sendTo(
      ({ context }) => context.listener,
      ({ context, event }): NotifierEvent => {
        assertEvent(event, 'notice');
        return { type: 'notice.coalesced', id: context.id, topic: event.notice.topic };
      },
    ),
    reportOldest: ({ context: { id, listener, outbox } }) => {
      const notice = outbox[0];
      if (notice !== undefined) listener.send({ type: 'notice.dropped', id, notice, reason: 'overflow' });
    },
    reportDisplaced: ({ context }) => reportDrops(context, context.outbox, 'goaway'),
    reportUndelivered: ({ context }) => reportDrops(context, undelivered(context), context.reason),
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
    hasPending: ({ context }) => context.outbox.length > 0,
    isNewer: ({ context, event }) => event.type === 'notice' && sameTopic(context.outbox, event.notice) !== undefined,
    isFull: ({ context }) => context.outbox.length >= context.options.maxPending,
  },
  delays: {
    stallAfter: ({ context }) => context.options.stallAfterMs,
    evictAfter: ({ context }) => context.options.evictAfterMs,
  },
}).createMachine({
  id: 'notifier',
  // Named one by one, so that the engine lays a context out in one piece, for good.
  context: ({ input: { id, delivery, options, outbox, goaway, listener } }) => ({
    id,
    delivery,
    options,
    outbox,
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
  },
  states: {
    choosing: {
      always: [
        { guard: 'hasGoaway', target: 'parting', actions: ['reportDisplaced', 'clearOutbox', 'sendGoaway'] },
        { guard: 'hasPending', target: 'delivering', actions: ['sendNext', 'dropOldest'] },
        { target: 'idle' },
      ],
    },
    idle: {
      // An idle port sends an offered notice without telling this machine: what comes meanwhile finds it in flight, and waits.
      on: {
        notice: [
          { guard: 'isInFlight', target: 'delivering', actions: ['keep', 'reportNextDelivery'] },
          { target: 'delivering', actions: 'sendNotice' },
        ],
        goaway: [
          { guard: 'isInFlight', target: 'delivering', actions: ['keepGoaway', 'reportNextDelivery'] },
          { target: 'parting', actions: ['keepGoaway', 'sendGoaway'] },
        ],
        'delivery.awaited': 'delivering.awaiting',
      },
    },
    delivering: {
      initial: 'handing',
      on: {
        notice: [
          { guard: 'hasGoaway' },
          { guard: 'isNewer', actions: ['keep', 'reportCoalesced'] },
          { guard: 'isFull', actions: ['reportOldest', 'dropOldest', 'keep'] },
          { actions: 'keep' },
        ],
        goaway: { actions: ['keepGoaway', 'reportDisplaced', 'clearOutbox'] },
        'delivery.done': 'choosing',
      },
      states: {
        handing: { on: { 'delivery.awaited': 'awaiting' } },
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
