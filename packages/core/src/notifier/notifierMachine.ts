import { type ActorRef, assertEvent, assign, type Snapshot, sendTo, setup } from 'xstate';
import type { CompiledLogic } from '../compile/compile.ts';
import type { DropReason, NotifierEvent } from '../events/events.ts';
import type { CloseReason } from '../model/closeReason.ts';
import type { GoawayNotice, Notice } from '../model/notice.ts';
import type { ActorOf } from '../registry/registry.ts';
import type { Courier, DeliveryEvent, NoticeEvent } from './deliveryPort.ts';
import type { ResolvedNotifierOptions } from './notifierOptions.ts';
import { type Outbox, post, sameTopic, withoutOldest } from './outbox.ts';

/** What a notifier is made of. */
export interface NotifierInput {
  readonly id: string;
  readonly courier: Courier;
  readonly options: ResolvedNotifierOptions;
  /** What the client is told first: the present state of things (INV-8). */
  readonly outbox: Outbox;
  /** Told instead of anything else to a client that comes while the supervisor drains. */
  readonly goaway: GoawayNotice | undefined;
  /** Hears every fact about this notifier. */
  readonly listener: ActorRef<Snapshot<unknown>, NotifierEvent>;
}

/** What a notifier remembers. */
export interface NotifierContext extends NotifierInput {
  readonly told: boolean;
  readonly reason: CloseReason;
}

/** What a notifier can be told. */
export type NotifierCommand =
  | NoticeEvent
  | { readonly type: 'goaway'; readonly notice: GoawayNotice }
  | { readonly type: 'close'; readonly reason: CloseReason };

/** How a notifier ended: `told` when the goaway was delivered. */
export interface NotifierOutput {
  readonly reason: CloseReason;
  readonly told: boolean;
}

/** What the client was owed when its notifier ended: the notice under way, those that waited, and a goaway. */
function undelivered({ courier: { carried }, outbox, goaway, told }: NotifierContext): readonly Notice[] {
  if (told) return [];
  const owed = [carried, ...outbox, goaway === carried ? undefined : goaway];
  return owed.filter((notice) => notice !== undefined);
}

/** Tells the listener of every notice that will now never be delivered. */
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
    hand: ({ context, event }) => {
      assertEvent(event, 'notice');
      context.courier.hand(event.notice);
    },
    handNext: ({ context }) => {
      const [next] = context.outbox;
      if (next !== undefined) context.courier.hand(next);
    },
    handGoaway: ({ context }) => {
      if (context.goaway !== undefined) context.courier.hand(context.goaway);
    },
    expectCourier: ({ context }) => context.courier.expect(),
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
    abandonDelivery: ({ context }) => context.courier.abandon(),
    noteTold: assign({ told: true }),
    because: assign({ reason: (_, reason: CloseReason) => reason }),
  },
  guards: {
    isUnderWay: ({ context }) => context.courier.carried !== undefined,
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
  context: ({ input: { id, courier, options, outbox, goaway, listener } }) => ({
    id,
    courier,
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
    close: { target: '.closed', actions: { type: 'because', params: ({ event }) => event.reason } },
    'delivery.failed': { target: '.closed', actions: ['reportFailure', { type: 'because', params: 'failed' }] },
  },
  states: {
    choosing: {
      always: [
        { guard: 'hasGoaway', target: 'parting', actions: ['reportDisplaced', 'clearOutbox', 'handGoaway'] },
        { guard: 'hasPending', target: 'delivering', actions: ['handNext', 'dropOldest'] },
        { target: 'idle' },
      ],
    },
    idle: {
      // A courier at rest was given a notice without a word to us: what comes meanwhile finds it under way, and waits.
      on: {
        notice: [
          { guard: 'isUnderWay', target: 'delivering', actions: ['keep', 'expectCourier'] },
          { target: 'delivering', actions: 'hand' },
        ],
        goaway: [
          { guard: 'isUnderWay', target: 'delivering', actions: ['keepGoaway', 'expectCourier'] },
          { target: 'parting', actions: ['keepGoaway', 'handGoaway'] },
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
          after: { evictAfter: { target: '#notifier.closed', actions: { type: 'because', params: 'stalled' } } },
        },
      },
    },
    parting: {
      initial: 'handing',
      on: { 'delivery.done': { target: 'closed', actions: ['noteTold', { type: 'because', params: 'goaway' }] } },
      states: {
        handing: { on: { 'delivery.awaited': 'awaiting' } },
        awaiting: {
          after: { evictAfter: { target: '#notifier.closed', actions: { type: 'because', params: 'stalled' } } },
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
