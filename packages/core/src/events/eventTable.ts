import { detailOf } from '../model/detail.ts';
import type { Notice } from '../model/notice.ts';
import type { AlertHold, SupervisorEvent } from './events.ts';

/** Type of an event of a supervisor. */
export type EventType = SupervisorEvent['type'];

/** An event of a supervisor, by its type. */
export type EventOf<TType extends EventType> = Extract<SupervisorEvent, { type: TType }>;

/** How much an event calls for a person. */
export type EventLevel = 'error' | 'warn' | 'info' | 'debug';

/** Counts of what has been lost, refused or failed since the supervisor was made; each is also an event (INV-77). */
export type LossCounts = {
  readonly coalesced: number;
  readonly dropped: number;
  readonly stalled: number;
  readonly deliveriesFailed: number;
  readonly refused: number;
  readonly admitsFailed: number;
  readonly checksFailed: number;
  readonly verdictsDiscarded: number;
  readonly actorsFailed: number;
  /** Must read 0. */
  readonly lawsViolated: number;
};

/** What goes with one type of event. */
export interface EventTraits<TEvent> {
  /** Its level in a log, or how that follows from the event. */
  readonly level: EventLevel | ((event: TEvent) => EventLevel);
  /** The count that it adds to: its own `count`, where it has one, or else one. */
  readonly count?: keyof LossCounts;
  /** Whether a page shows it as a loss. */
  readonly isLoss?: boolean;
  /** Returns its content in a few words, without type and id. May hold text of the program. */
  readonly summary?: (event: TEvent) => string;
}

/** What goes with each type of event: level, count and words stand here, beside its definition. */
export const eventTable: { readonly [TType in EventType]: EventTraits<EventOf<TType>> } = {
  'verdict.judged': { level: 'debug', summary: ({ verdict }) => verdictSummary(verdict) },
  'verdict.discarded': {
    level: 'debug',
    count: 'verdictsDiscarded',
    isLoss: true,
    summary: (event) =>
      event.reason === 'stall'
        ? joined(`this program stood still for ${Math.round(event.lateMs)} ms`, stallCauses[event.cause ?? 'unknown'])
        : joined(event.reason, event.detail),
  },
  'check.failed': {
    level: 'warn',
    count: 'checksFailed',
    isLoss: true,
    summary: ({ errors, cause }) => joined(`${errors} in a row`, detailOf(cause)),
  },
  'health.changed': {
    level: ({ to }) => (to === 'unhealthy' || to === 'error' || to === 'stale' ? 'warn' : 'info'),
    summary: ({ from, to, detail }) => joined(`${from} › ${to}`, detail),
  },
  'monitor.updated': { level: 'info', summary: ({ epoch }) => `registration ${epoch}` },
  'monitor.resumed': { level: 'info', summary: ({ ageMs }) => `known ${ageMs} ms ago` },
  'monitor.expired': { level: 'warn', summary: ({ ageMs }) => `known ${ageMs} ms ago` },
  'alert.raised': {
    level: 'warn',
    summary: ({ failures, detail }) => joined(`after ${failuresSummary(failures)}`, detail),
  },
  'alert.cleared': { level: 'info' },
  'alert.held': {
    level: 'info',
    summary: (event) => joined(`after ${failuresSummary(event.failures)}, because of ${holderOf(event)}`, event.detail),
  },
  'flapping.began': { level: 'warn', summary: ({ penalty }) => `penalty ${penalty.toFixed(2)}` },
  'flapping.ended': { level: 'info', summary: ({ penalty }) => `penalty ${penalty.toFixed(2)}` },
  'dependency.lost': { level: 'warn', summary: ({ rootCause }) => `because of ${rootCause}` },
  'dependency.restored': { level: 'info' },
  'notice.broadcast': {
    level: 'debug',
    summary: ({ notice, notifiers }) => `${noticeLabel(notice)} to ${notifiers} notifiers`,
  },
  'notice.converged': {
    level: 'debug',
    summary: ({ topic, told, notifiers, tookMs }) =>
      `${topicLabel(topic)}: ${told} of ${notifiers} told after ${tookMs} ms`,
  },
  'notice.coalesced': {
    level: 'debug',
    count: 'coalesced',
    summary: ({ count }) => `newer notices replaced ${noticesSummary(count)} unread`,
  },
  'notice.dropped': {
    level: 'warn',
    count: 'dropped',
    isLoss: true,
    summary: ({ count, goaway, reason }) =>
      `${noticesSummary(count)}${goaway ? ', the goaway among them' : ''}: ${reason}`,
  },
  'delivery.stalled': {
    level: 'warn',
    count: 'stalled',
    isLoss: true,
    summary: ({ waitedMs }) => `no end after ${waitedMs} ms`,
  },
  'delivery.failed': {
    level: 'warn',
    count: 'deliveriesFailed',
    isLoss: true,
    summary: ({ cause }) => detailOf(cause),
  },
  'admission.refused': {
    level: 'warn',
    count: 'refused',
    isLoss: true,
    summary: ({ reason, retryAfterMs }) => `${reason}, try again in ${retryAfterMs} ms`,
  },
  'admit.failed': {
    level: 'error',
    count: 'admitsFailed',
    isLoss: true,
    summary: ({ cause }) => detailOf(cause),
  },
  'client.refused': { level: 'warn', count: 'refused' },
  'client.goaway': { level: 'debug' },
  'peer.leaving': { level: 'debug' },
  'goaway.failed': { level: 'warn', isLoss: true, summary: ({ cause }) => detailOf(cause) },
  'close.failed': { level: 'warn', isLoss: true, summary: ({ cause }) => detailOf(cause) },
  'service.entered': { level: 'debug', summary: ({ state, run }) => `${state} · run ${run}` },
  'run.ended': {
    level: ({ how }) => (how === 'crashed' || how === 'start timeout' || how === 'unhealthy' ? 'warn' : 'info'),
    summary: ({ run, how, cause }) => joined(`run ${run}`, how, cause === undefined ? undefined : detailOf(cause)),
  },
  'service.quiet': { level: 'debug' },
  'service.stuck': { level: 'error', summary: ({ run, reason }) => `run ${run} does not end: ${reason}` },
  'service.held': {
    level: 'info',
    summary: ({ rootCause }) => (rootCause === undefined ? '' : `because of ${rootCause}`),
  },
  'service.restarting': {
    level: 'warn',
    summary: ({ delayMs, attempt }) => `attempt ${attempt} in ${Math.round(delayMs)} ms`,
  },
  'supervisor.started': { level: 'info' },
  'start.ended': {
    level: ({ report }) => (report.reason === 'started' ? 'info' : 'error'),
    summary: ({ report }) => joined(report.reason, report.waiting.join(', ')),
  },
  'start.missing': {
    level: 'warn',
    summary: ({ monitors, services }) =>
      `start() was not called; it is waited for: monitors ${monitors}, services ${services}`,
  },
  'start.ignored': { level: 'warn', summary: ({ phase }) => `start() does nothing any more: ${phase}` },
  'option.suspect': {
    level: 'warn',
    summary: ({ option, value, suggested }) => `${option} is ${value} ms; if seconds were meant, write ${suggested}`,
  },
  'supervisor.escalated': { level: 'error' },
  'supervisor.failed': {
    level: 'error',
    count: 'actorsFailed',
    isLoss: true,
    summary: ({ cause }) => detailOf(cause),
  },
  'actor.started': { level: 'debug', summary: ({ kind }) => kind },
  'actor.failed': {
    level: 'error',
    count: 'actorsFailed',
    isLoss: true,
    summary: ({ cause }) => detailOf(cause),
  },
  'actor.restarting': { level: 'warn' },
  'actor.restarted': { level: 'info' },
  'actor.ended': { level: 'debug', summary: ({ reason }) => reason },
  'law.violated': {
    level: 'error',
    count: 'lawsViolated',
    isLoss: true,
    summary: ({ law, found }) => joined(law, found),
  },
  'drain.entered': { level: 'info', summary: ({ phase }) => phase },
  'drain.spread': { level: 'info' },
  'drain.client': {
    level: 'warn',
    isLoss: true,
    summary: ({ client: { kind, id, peer, fate, doing } }) => joined(`${kind} ${id}`, peer, fate, doing?.what),
  },
  'drain.ended': {
    level: 'info',
    summary: ({ report }) => `${report.reason} in ${Math.round(report.durationMs)} ms`,
  },
  'withdraw.failed': { level: 'error', isLoss: true, summary: ({ cause }) => detailOf(cause) },
};

const stallCauses = {
  gc: 'garbage was collected',
  suspend: 'the machine was suspended',
  clock: 'the wall clock was set',
  unknown: undefined,
} as const;

/** Returns how much an event calls for a person. A target that went down is worth a warning. */
export function levelOf(event: SupervisorEvent): EventLevel {
  const { level } = traitsOf(event);
  return typeof level === 'string' ? level : level(event);
}

/** Returns whether an event is a loss, a refusal or a failure that a page shows as such. */
export function isLoss(event: SupervisorEvent): boolean {
  return traitsOf(event).isLoss === true;
}

/** Returns the content of an event in a few words, without type and id; empty where those say all. */
export function summaryOf(event: SupervisorEvent): string {
  return traitsOf(event).summary?.(event) ?? '';
}

/** A row takes the events of its own type; the table is looked up by that type. */
function traitsOf(event: SupervisorEvent): EventTraits<SupervisorEvent> {
  return eventTable[event.type] as EventTraits<SupervisorEvent>;
}

function verdictSummary({ status, latencyMs, detail }: EventOf<'verdict.judged'>['verdict']): string {
  return joined(status, latencyMs === undefined ? undefined : `${latencyMs.toFixed(1)} ms`, detail);
}

function noticeLabel(notice: Notice): string {
  return notice.type === 'health' ? `${topicLabel(notice.topic)} ${notice.health}` : 'goaway';
}

function topicLabel(topic: string): string {
  return topic === '' ? 'the whole' : topic;
}

function noticesSummary(count: number): string {
  return count === 1 ? 'one notice' : `${count} notices`;
}

function failuresSummary(failures: number): string {
  return failures === 1 ? 'one failure' : `${failures} failures`;
}

function holderOf(hold: AlertHold): string {
  return hold.reason === 'dependency' ? hold.rootCause : hold.reason;
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}
