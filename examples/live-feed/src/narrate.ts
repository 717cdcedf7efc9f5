import type { DrainReport, SupervisorEvent } from '@watchkeeper/core';
import type { HubEvent } from '@watchkeeper/websocket';

/** An event of the hub as a line for people. */
export function hubLine(event: HubEvent): string | undefined {
  switch (event.type) {
    case 'client.opened':
      return `client ${event.id} came (${event.clients} now)`;
    case 'client.closed':
      return `client ${event.id} went: ${event.reason} (${event.clients} now)`;
    case 'client.silent':
      return `client ${event.id} reads nothing: no pong within ${Math.round(event.waitedMs)} ms`;
    case 'frames.dropped':
      return `client ${event.id} fell ${event.frames} messages behind`;
    case 'upgrade.refused':
      return `a client was refused with ${event.status}: ${event.reason}`;
    default:
      return undefined;
  }
}

/** An event of the supervisor as a line for people. */
export function keeperLine(event: SupervisorEvent): string | undefined {
  switch (event.type) {
    case 'health.changed':
      return `${event.id} is ${event.to}${event.detail === undefined ? '' : ` (${event.detail})`}`;
    case 'alert.raised':
      return `ALERT: ${event.id} failed ${event.failures} times in a row`;
    case 'alert.cleared':
      return `all clear: ${event.id} is back`;
    case 'drain.entered':
      return `drain: ${event.phase}`;
    default:
      return undefined;
  }
}

/** A drain report in one line. */
export const reportLine = ({ sessions, durationMs }: DrainReport): string =>
  `${sessions.total} clients: ${sessions.early} left by themselves, ${sessions.forced} were cut; ${Math.round(durationMs)} ms`;
