import type { ShownKind } from '../protocol/shownActor.ts';

/**
 * What may be shown of what an actor remembers, by the name it is shown under and the place where it stands. Whatever is
 * not in here stays in the program; what is goes through the redactor all the same.
 */
const shownOf: Readonly<Partial<Record<ShownKind, Readonly<Record<string, string>>>>> = {
  monitor: {
    intervalMs: 'options.intervalMs',
    timeoutMs: 'options.timeoutMs',
    failureThreshold: 'options.failureThreshold',
    successThreshold: 'options.successThreshold',
    flapPenalty: 'flaps.penalty',
    dueAt: 'dueAt',
    pausedUntil: 'pausedUntil',
  },
  notifier: {
    delivering: 'delivery.inFlight',
    waiting: 'outbox',
    goaway: 'goaway',
    told: 'told',
    topics: 'options.topics',
    maxPending: 'options.maxPending',
    stallAfterMs: 'options.stallAfterMs',
    evictAfterMs: 'options.evictAfterMs',
  },
  session: {
    peer: 'peer',
    peerLeaving: 'peerLeaving',
    goaway: 'notice',
    forced: 'forced',
    unfinished: 'unfinished',
    closeTimeoutMs: 'terms.closeTimeoutMs',
    onPeerGoaway: 'terms.onPeerGoaway',
  },
};

/** Returns the part of an actor's context that may be shown. */
export function visibleContext(kind: ShownKind, context: unknown): Record<string, unknown> {
  const shown = Object.entries(shownOf[kind] ?? {}).map(([name, place]) => [name, valueAt(context, place)] as const);
  return Object.fromEntries(shown.filter(([, value]) => value !== undefined));
}

/** Returns the value at a path such as `options.topics`. */
export function valueAt(context: unknown, place: string): unknown {
  return place.split('.').reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), context);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
