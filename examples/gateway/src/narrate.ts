import type { DrainReport, SupervisorEvent } from '@watchkeeper/core';
import type { DeliveryEvent } from './alerts/deliveryEvent.ts';
import type { DispatcherReport } from './alerts/dispatcherContext.ts';
import { sayDuration, titleOf } from './alerts/words.ts';
import type { ReloadResult } from './reload/reloadMachine.ts';

/** An event as a line for people, or nothing where only machines need it. */
export function sayEvent(event: SupervisorEvent): string | undefined {
  switch (event.type) {
    case 'health.changed':
      // Every target starts and stops with the program itself.
      if (event.to === 'starting' || event.to === 'stopped') return undefined;
      return `${event.id} is ${event.to}${because(event.detail)}`;
    case 'alert.held':
      return event.reason === 'dependency'
        ? `no alert for ${event.id}: ${event.rootCause}, on which it depends, is down`
        : `no alert for ${event.id}: it flaps`;
    case 'flapping.began':
      return `${event.id} flaps`;
    case 'flapping.ended':
      return `${event.id} is calm again`;
    case 'actor.failed':
      return `${event.kind} ${event.id} died${because(messageOf(event.cause))}`;
    default:
      return undefined;
  }
}

/** An event of a delivery as a line for people. */
export function sayDelivery(event: DeliveryEvent): string {
  const what = `"${titleOf(event.alert)}"`;
  switch (event.type) {
    case 'alert.sent':
      return `told ${event.destination}: ${what}`;
    case 'alert.merged':
      return `${event.destination} will hear of the outage as one: ${what}`;
    case 'alert.retrying':
      return `${event.destination} ${event.why}; ${what} again in ${sayDuration(event.delayMs)}`;
    case 'alert.dropped':
      return `ALERT DROPPED (${event.reason}): ${what} for ${event.destination}${because(event.why)}`;
  }
}

/** The result of a reload as a line for people, or nothing where nothing changed. */
export function sayReload(result: ReloadResult): string | undefined {
  if (result.type === 'same') return undefined;
  if (result.type === 'applied') return `reloaded: ${result.summary}`;
  return `RELOAD REFUSED, nothing has changed:\n${messageOf(result.cause)}`;
}

/** The end of the program as lines for people. */
export function sayEnd({ sessions, durationMs }: DrainReport, deliveries: readonly DispatcherReport[]): string[] {
  const sum = (count: (report: DispatcherReport) => number) => deliveries.reduce((all, one) => all + count(one), 0);
  const owed = deliveries.flatMap(({ destination, undelivered }) =>
    undelivered.map((alert) => `undelivered to ${destination}: "${titleOf(alert)}"`),
  );
  return [
    `drained in ${sayDuration(durationMs)}: ${sessions.early} connections ended by themselves, ${sessions.forced} were cut`,
    `alerts: ${sum(({ sent }) => sent)} delivered, ${sum(({ dropped }) => dropped)} dropped, ${owed.length} of them undelivered at the end`,
    ...owed,
  ];
}

const because = (detail: string | undefined): string => (detail === undefined ? '' : ` (${detail})`);

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
