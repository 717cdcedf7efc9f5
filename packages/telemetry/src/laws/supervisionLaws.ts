import { type DrainPhase, drainPhases, type SupervisorEvent } from '@watchkeeper/core';
import type { EventOf, Law, LawScope } from './law.ts';
import { alternating } from './lawBuilders.ts';

type Ended = EventOf<'actor.ended'>;

/** A session whose slot was reserved in a drain needs `whileDraining` for it (INV-19). */
const admission: Law = {
  name: 'nobody is admitted once a drain has begun',
  reads: ['actor.started'],
  read(event, scope) {
    const { kind, id, reserved } = event as EventOf<'actor.started'>;
    if (kind === 'session' && reserved === 'inDrain') scope.violated(`session ${id} has a slot of the drain`);
  },
};

/** A client that is told to go is gone when its grace, and the time for its close, are over (INV-28, INV-30). */
const grace: Law = {
  name: 'whoever is told to go ends within its grace',
  reads: ['client.goaway', 'actor.ended'],
  read(event, scope) {
    if (event.type === 'actor.ended') scope.met(`${event.kind} ${event.id}`);
    if (event.type !== 'client.goaway') return;
    const { kind, id } = event;
    const ms = leftMs(event, scope.supervisor);
    if (ms === undefined) return;
    scope.wait(`${kind} ${id}`, ms, () => {
      // Its end may be known already, and its event still wait behind others.
      if (scope.supervisor.describe(kind, id) === undefined) return;
      scope.violated(`${kind} ${id} was told to go, and is there after ${ms} ms`);
    });
  },
};

/** How long a client that is told to go may be there; not known of one that has gone. */
function leftMs({ kind, id, notice }: EventOf<'client.goaway'>, supervisor: LawScope['supervisor']) {
  if (kind === 'notifier') {
    const limits = supervisor.describe('notifier', id);
    // A delivery may be in flight, with all its time before it; then comes that of the goaway.
    return limits && limits.stallAfterMs + 2 * limits.evictAfterMs;
  }
  const closeMs = supervisor.describe('session', id)?.closeTimeoutMs;
  return closeMs === undefined ? undefined : notice.graceMs + closeMs;
}

/** Of a key that had a client before the watch began, perhaps: nothing is claimed until that is over. */
const unsure = 'NaN';

/** The event of an end is the last one of a client (INV-3, INV-48). */
const silence: Law = {
  name: 'nothing is sent to a client after its end',
  reads: [
    'actor.started',
    'actor.ended',
    'client.goaway',
    'notice.coalesced',
    'notice.dropped',
    'delivery.failed',
    'delivery.stalled',
    'peer.leaving',
    'goaway.failed',
    'close.failed',
  ],
  read(event, scope) {
    const key = clientOf(event);
    if (key === undefined) return;
    // How many actors go by this key: a client that replaces another begins before the other's end.
    const there = scope.kept(key);
    if (event.type === 'actor.started') {
      const isSure = there !== undefined || scope.isFromStart || event.kind === 'session';
      scope.keep(key, isSure ? String(Number(there ?? 0) + 1) : unsure);
    } else if (there === '0') scope.violated(`${event.type} of ${key}, which had ended`);
    else if (event.type === 'actor.ended') {
      if (there === unsure) scope.forget(key);
      else if (there !== undefined) scope.keep(key, String(Number(there) - 1));
      else if (event.kind === 'session') scope.keep(key, '0');
    }
  },
};

/** Whose event it is; nobody's that is of no client. */
function clientOf(event: SupervisorEvent): string | undefined {
  if (!('id' in event)) return undefined;
  if ('kind' in event) {
    return event.kind === 'notifier' || event.kind === 'session' ? `${event.kind} ${event.id}` : undefined;
  }
  const isOfSession =
    event.type === 'peer.leaving' || event.type.startsWith('goaway.') || event.type === 'close.failed';
  return `${isOfSession ? 'session' : 'notifier'} ${event.id}`;
}

/** One raise, one clear, and so on, for each monitor, until it ends or is given up (INV-58, INV-59). */
const alerts: Law = alternating({
  name: 'there is one clear for each raise',
  opens: 'alert.raised',
  closes: 'alert.cleared',
  forgets: [{ type: 'actor.ended', where: ({ kind }: Ended) => kind === 'monitor' }, 'supervisor.escalated'],
});

/** A drain goes forward only, but for one that its supervisor's failure begins anew (INV-27). */
const phases: Law = {
  name: 'a drain goes through its phases in their order',
  reads: ['drain.entered', 'supervisor.failed'],
  read(event, scope) {
    if (event.type !== 'drain.entered') return scope.forget('phase');
    const last = scope.kept('phase');
    if (last !== undefined && drainPhases.indexOf(event.phase) <= drainPhases.indexOf(last as DrainPhase)) {
      scope.violated(`${event.phase} after ${last}`);
    }
    scope.keep('phase', event.phase);
  },
};

/** Every drain ends, when its deadline and the time for closing are over at the latest (INV-28). */
const deadline: Law = {
  name: 'a drain ends by its deadline',
  reads: ['drain.entered', 'drain.ended', 'actor.started', 'supervisor.failed'],
  read(event, scope) {
    const { supervisor } = scope;
    if (event.type === 'drain.ended') return scope.met('drain');
    if (event.type === 'supervisor.failed') return scope.forget('drain');
    const isUnderWay = scope.kept('drain') !== undefined;
    if (event.type === 'drain.entered') scope.keep('drain', event.phase);
    // Of the phases only the first one counts; a slot that is opened later has all the time for its close.
    if (isUnderWay === (event.type === 'drain.entered')) return;
    const limits = supervisor.describe('supervisor', '');
    if (limits === undefined) return;
    const ms = limits.drain.deadlineMs + 2 * limits.closeTimeoutMs;
    scope.wait('drain', ms, () => {
      if (supervisor.phase === 'draining') scope.violated(`the drain goes on after ${ms} ms`);
    });
  },
};

/**
 * Returns the laws that hold of every supervisor, as {@link watchLaws} takes them: nobody is admitted in a drain; whoever is
 * told to go ends within its grace; nothing is sent after an end; one clear for each raise; phases keep their order; a
 * drain ends.
 */
export function supervisionLaws(): readonly Law[] {
  return [admission, grace, silence, alerts, phases, deadline];
}
