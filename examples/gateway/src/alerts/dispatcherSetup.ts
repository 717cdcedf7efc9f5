import { backoffMs } from '@watchkeeper/core';
import { assertEvent, assign, fromPromise, setup } from 'xstate';
import type { Alert } from './alert.ts';
import { DeliveryError } from './deliveryError.ts';
import { type AlertDropReason, count, type DeliveryEvent } from './deliveryEvent.ts';
import type { DispatcherContext, DispatcherEvent, DispatcherInput, DispatcherReport } from './dispatcherContext.ts';
import { beforeRetry, delivered, givenUp, post } from './outbox.ts';

type Told<TEvent> = TEvent extends DeliveryEvent ? Omit<TEvent, 'destination'> : never;

/** The events of one step, counted; the action `tell` comes next in the chart. */
const noting = ({ name, counts }: DispatcherContext, ...events: readonly Told<DeliveryEvent>[]) => ({
  events: events.map((event): DeliveryEvent => ({ ...event, destination: name })),
  counts: events.reduce(count, counts),
});

const first = ({ outbox }: DispatcherContext): Alert => {
  const [alert] = outbox.queue;
  if (alert === undefined) throw new RangeError('There is nothing to deliver');
  return alert;
};

const deliver = fromPromise<void, DispatcherContext>(async ({ input, signal }) => {
  await input.send(input.destination.compose(first(input)), signal);
});

/** The actors, actions, guards and delays that the dispatcher's chart names. */
export const dispatcherSetup = setup({
  types: {
    context: {} as DispatcherContext,
    events: {} as DispatcherEvent,
    input: {} as DispatcherInput,
    output: {} as DispatcherReport,
  },
  actors: { deliver },
  actions: {
    tell: ({ context: { events, tell } }) => {
      for (const event of events) tell(event);
    },
    accept: assign(({ context, event }) => {
      assertEvent(event, 'alert');
      const { alert } = event;
      const { isSending, policy } = context;
      const { outbox, merged, dropped } = post(context.outbox, alert, { isSending, maxQueued: policy.maxQueued });
      return {
        outbox,
        ...noting(
          context,
          ...(merged ? [{ type: 'alert.merged', alert } as const] : []),
          ...(dropped === undefined ? [] : [{ type: 'alert.dropped', alert: dropped, reason: 'overflow' } as const]),
        ),
      };
    }),
    refuse: assign(({ context, event }) => {
      assertEvent(event, 'alert');
      return noting(context, { type: 'alert.dropped', alert: event.alert, reason: 'closed' });
    }),
    adopt: assign(({ event }) => {
      assertEvent(event, 'update');
      return { destination: event.destination, policy: event.policy, attempt: 0 };
    }),
    beginTry: assign({ isSending: true, attempt: ({ context }) => context.attempt + 1 }),
    endTry: assign({ isSending: false }),
    noteDelivered: assign(({ context }) => ({
      outbox: delivered(context.outbox),
      attempt: 0,
      ...noting(context, { type: 'alert.sent', alert: first(context), attempt: context.attempt }),
    })),
    noteFailure: assign({
      failure: (_, cause: unknown) =>
        cause instanceof DeliveryError ? cause : new DeliveryError('the request could not be made'),
    }),
    noteTimeout: assign({
      failure: ({ context }) => new DeliveryError(`no answer within ${context.policy.timeoutMs} ms`),
    }),
    giveUp: assign(({ context }, reason: AlertDropReason) => ({
      outbox: givenUp(context.outbox),
      attempt: 0,
      ...noting(context, { type: 'alert.dropped', alert: first(context), reason, why: context.failure.message }),
    })),
    planRetry: assign(({ context }) => {
      const { policy, attempt, failure, random } = context;
      const backoff = { minMs: policy.firstDelayMs, maxMs: policy.maxDelayMs, factor: 2, jitter: 0.1 };
      const askedMs = Math.min(failure.retryAfterMs ?? 0, policy.maxDelayMs);
      const delayMs = Math.max(askedMs, Math.round(backoffMs(backoff, attempt, random())));
      const { outbox, merged } = beforeRetry(context.outbox);
      const alert = first({ ...context, outbox });
      return {
        outbox,
        delayMs,
        ...noting(context, ...(merged ? [{ type: 'alert.merged', alert } as const] : []), {
          type: 'alert.retrying',
          alert,
          attempt,
          delayMs,
          why: failure.message,
        }),
      };
    }),
    noteUndelivered: assign(({ context }) => {
      const owed = context.outbox.queue.map((alert) => ({ type: 'alert.dropped', alert, reason: 'closed' }) as const);
      return noting(context, ...owed);
    }),
  },
  guards: {
    isOwed: ({ context }) => context.outbox.queue.length > 0,
    isNothingOwed: ({ context }) => context.outbox.queue.length === 0,
    isRefused: ({ context }) => context.failure.isFinal,
    isExhausted: ({ context }) => context.attempt >= context.policy.attempts,
  },
  delays: {
    timeout: ({ context }) => context.policy.timeoutMs,
    retry: ({ context }) => context.delayMs,
    patience: ({ context }) => context.policy.closeMs,
  },
});
