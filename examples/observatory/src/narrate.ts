import type { DrainPhase, DrainReport, SupervisorEvent } from '@watchkeeper/core';

const phases: Readonly<Record<DrainPhase, string>> = {
  withdraw: 'asking for no more work',
  quiesce: 'letting services take no more work',
  notice: 'letting load balancers see that we leave',
  lag: 'waiting for those who are behind',
  goaway: 'telling every client to go',
  grace: 'giving clients time to finish',
  force: 'closing those who stayed',
  services: 'stopping services in order',
  join: 'waiting for the last to end',
};

/** An event as a line for people, or nothing where only machines care. */
export function lineOf(event: SupervisorEvent): string | undefined {
  const told = sentenceOf(event);
  return told === undefined ? undefined : `${new Date(event.at).toISOString().slice(11, 19)}  ${told}`;
}

function sentenceOf(event: SupervisorEvent): string | undefined {
  switch (event.type) {
    case 'health.changed':
      // Every target starts and stops with the program itself.
      if (event.to === 'starting' || event.to === 'stopped') return undefined;
      return `${event.id} is ${event.to}${because(event.detail === event.to ? undefined : event.detail)}`;
    case 'alert.raised':
      return `ALERT: ${event.id} failed ${event.failures} times in a row${because(event.detail)}`;
    case 'alert.cleared':
      return `all clear: ${event.id} is back`;
    case 'check.failed':
      return `the check of ${event.id} broke: ${String(event.cause)}`;
    case 'alert.held':
      return event.reason === 'dependency'
        ? `no alert for ${event.id}: it is ${event.rootCause} that is down`
        : `no alert for ${event.id}: it goes up and down`;
    case 'flapping.ended':
      return `${event.id} has calmed down`;
    case 'delivery.stalled':
      return `client ${event.id} has not read for ${event.waitedMs} ms`;
    case 'actor.ended':
      return event.kind === 'notifier' && event.reason === 'stalled' ? `client ${event.id} was evicted` : undefined;
    case 'actor.failed':
      return `${event.kind} ${event.id} died: ${String(event.cause)}`;
    case 'actor.restarted':
      return `monitor ${event.id} was started again`;
    case 'supervisor.escalated':
      return `monitor ${event.id} died too often and is given up`;
    case 'drain.entered':
      return `drain: ${phases[event.phase]}`;
    default:
      return undefined;
  }
}

const because = (detail: string | undefined): string => (detail === undefined ? '' : ` (${detail})`);

/** A drain report in plain words. */
export function linesOf({ sessions, notifiers, durationMs, reason, unfinished }: DrainReport): string[] {
  const seconds = `${(durationMs / 1_000).toFixed(1)} s`;
  const how = {
    drained: 'Drained',
    deadline: 'Cut short by the deadline',
    aborted: 'Cut short',
    failed: 'The supervisor failed',
  }[reason];
  return [
    `${how} after ${seconds}.`,
    `  ${count(sessions.total, 'client')}: ${sessions.early} left by themselves, ${sessions.forced} closed by force, ${sessions.stragglers} came too late.`,
    `  ${count(notifiers.told, 'client')} told to go, ${notifiers.evicted} not reached.`,
    ...(unfinished.length === 0 ? [] : [`  Did not end in time: ${unfinished.join(', ')}.`]),
  ];
}

const count = (howMany: number, what: string): string => `${howMany} ${what}${howMany === 1 ? '' : 's'}`;
