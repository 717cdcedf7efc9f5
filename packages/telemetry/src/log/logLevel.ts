import type { SupervisorEvent } from '@watchkeeper/core';

/** How much an event calls for a person; `silent` is not logged. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'silent';

type Levels = Readonly<Record<SupervisorEvent['type'], LogLevel>>;

/** The level of every event: one that core adds does not compile until it is here. */
const levels: Levels = {
  'actor.failed': 'error',
  'supervisor.escalated': 'error',
  'withdraw.failed': 'error',
  'alert.raised': 'warn',
  'check.failed': 'warn',
  'close.failed': 'warn',
  'goaway.failed': 'warn',
  'delivery.failed': 'warn',
  'delivery.stalled': 'warn',
  'notice.dropped': 'warn',
  'admission.refused': 'warn',
  'client.refused': 'warn',
  'flapping.began': 'warn',
  'dependency.lost': 'warn',
  'monitor.expired': 'warn',
  'actor.restarting': 'warn',
  'health.changed': 'info',
  'alert.cleared': 'info',
  'alert.held': 'info',
  'flapping.ended': 'info',
  'dependency.restored': 'info',
  'monitor.updated': 'info',
  'monitor.resumed': 'info',
  'actor.restarted': 'info',
  'supervisor.started': 'info',
  'drain.entered': 'info',
  'drain.spread': 'info',
  'drain.ended': 'info',
  'peer.leaving': 'debug',
  'verdict.judged': 'debug',
  'verdict.discarded': 'debug',
  'client.dismissed': 'debug',
  'notice.broadcast': 'debug',
  'notice.converged': 'debug',
  'notice.coalesced': 'debug',
  'actor.started': 'debug',
  'actor.ended': 'debug',
};

/** The level of an event when nothing else is said. A target that went down is worth a warning. */
export function levelOf(event: SupervisorEvent): LogLevel {
  const isBadNews = event.type === 'health.changed' && badNews.has(event.to);
  return isBadNews ? 'warn' : levels[event.type];
}

const badNews: ReadonlySet<string> = new Set(['unhealthy', 'error', 'stale']);
