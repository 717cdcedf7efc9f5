import type { ActorRef, Snapshot } from 'xstate';
import type { ServiceEvent } from '../events/events.ts';
import type { Health } from '../model/health.ts';
import type { RunEnd, ServiceEnd, StopReason } from '../model/service.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { RunEvent } from './runScope.ts';
import type { ResolvedServiceOptions } from './serviceOptions.ts';
import type { ServicePort } from './servicePort.ts';

/** What a service asks of its supervisor, by its id. */
export interface ServiceRelations {
  /** Whether all that it depends on is ready, healthy or done, and nobody drains. */
  readonly mayBegin: (id: string) => boolean;
  /** What is at the bottom of it being let down, if anything it depends on is down. */
  readonly rootCauseOf: (id: string) => string | undefined;
}

/** Input of the service machine. */
export interface ServiceInput {
  readonly id: string;
  readonly port: ServicePort;
  readonly options: ResolvedServiceOptions;
  readonly runtime: Runtime;
  readonly relations: ServiceRelations;
  /** A beat that is noticed later than this after it was due is not missed: the program stood still. In milliseconds. */
  readonly stallToleranceMs: number;
  /** Receives every event of this service. */
  readonly listener: ActorRef<Snapshot<unknown>, ServiceEvent>;
}

/** Context of the service machine. Times are epoch milliseconds. */
export interface ServiceContext extends ServiceInput {
  readonly run: number;
  readonly startedAt: number | undefined;
  /** When the present run said that it is ready. */
  readonly readyAt: number | undefined;
  readonly wasReady: boolean;
  readonly health: Health;
  readonly formerHealth: Health;
  readonly changes: number;
  readonly since: number;
  readonly detail: string | undefined;
  /** What the run last said of itself, and why. */
  readonly said: 'healthy' | 'degraded' | 'unhealthy';
  readonly saidDetail: string | undefined;
  readonly isBeatMissed: boolean;
  /** A stall of the program at this time excused a missing beat. */
  readonly excusedAt: number;
  readonly beatDueAt: number;
  /** Why the present run is told to stop. */
  readonly stopReason: StopReason;
  /** Whether it is stopped for good, and not for its next run. */
  readonly isForGood: boolean;
  /** How much of `shutdownMs` it is given; all of it when unset. */
  readonly withinMs: number | undefined;
  readonly cause: unknown;
  readonly last: { readonly how: RunEnd; readonly at: number; readonly detail?: string } | undefined;
  /** How long it waits for its next run, in milliseconds. */
  readonly delayMs: number;
  readonly nextAt: number | undefined;
  readonly end: ServiceEnd;
}

/** Messages to a service. */
export type ServiceCommand =
  | { readonly type: 'begin' }
  | { readonly type: 'dependencies.changed' }
  /** A drain has begun. */
  | { readonly type: 'quiesce' }
  /** End for good. */
  | { readonly type: 'stop'; readonly reason: StopReason }
  /** End for good, within this time. */
  | { readonly type: 'stop.within'; readonly withinMs: number }
  /** End this run, for another. */
  | { readonly type: 'cycle'; readonly reason: StopReason }
  /** What follows an ended run: the next after a wait, or none, since it is done or has failed. */
  | { readonly type: 'retry'; readonly delayMs: number }
  | { readonly type: 'let.go' }
  | { readonly type: 'give.up' };

/** Every event that the service machine receives. */
export type ServiceMessage = ServiceCommand | RunEvent;

/** The present instant of the service's clock. */
export const now = ({ runtime }: ServiceContext): number => runtime.clock.now();

/** When the next beat is due: `beatWithinMs` after the last, or after a stall that excused it. */
export const beatDueAt = ({ port, options, excusedAt }: ServiceContext): number =>
  Math.max(port.beatAt, excusedAt) + options.beatWithinMs;

/** The health that a running service seems to have. */
export function seemingHealth({ said, isBeatMissed }: ServiceContext): ServiceContext['said'] {
  return isBeatMissed ? 'unhealthy' : said;
}

/** One line on why a running service seems to have its health. */
export function seemingDetail({ said, saidDetail, isBeatMissed, options }: ServiceContext): string | undefined {
  if (said === 'unhealthy' || !isBeatMissed) return saidDetail;
  return `no beat within ${options.beatWithinMs} ms`;
}

/** The context before the first run. */
export function initialContext(input: ServiceInput): ServiceContext {
  const { id, port, options, runtime, relations, stallToleranceMs, listener } = input;
  // Named one by one, so that all contexts share one shape in memory.
  return {
    id,
    port,
    options,
    runtime,
    relations,
    stallToleranceMs,
    listener,
    run: 0,
    startedAt: undefined,
    readyAt: undefined,
    wasReady: false,
    health: 'starting',
    formerHealth: 'starting',
    changes: 0,
    since: runtime.clock.now(),
    detail: undefined,
    said: 'healthy',
    saidDetail: undefined,
    isBeatMissed: false,
    excusedAt: 0,
    beatDueAt: 0,
    stopReason: 'stop',
    isForGood: false,
    withinMs: undefined,
    cause: undefined,
    last: undefined,
    delayMs: 0,
    nextAt: undefined,
    end: stoppedEnd,
  };
}

const stoppedEnd: ServiceEnd = { reason: 'stopped', forced: false, unfinished: false };
