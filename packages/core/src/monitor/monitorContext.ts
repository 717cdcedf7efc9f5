import type { ActorRef, Snapshot } from 'xstate';
import type { MonitorEvent } from '../events/events.ts';
import type { Health } from '../model/health.ts';
import type { Probe } from '../model/probe.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Turnstile } from './checkLimiter.ts';
import { afterCheck, type Flaps, noFlaps } from './flapping.ts';
import type { ResolvedMonitorOptions } from './monitorOptions.ts';
import type { MonitorSnapshot } from './monitorSnapshot.ts';
import { lengthen, noStreaks, type Outcome, type Streaks } from './streaks.ts';

/** What a monitor is made of. */
export interface MonitorInput {
  readonly id: string;
  readonly probe: Probe;
  readonly options: ResolvedMonitorOptions;
  /** The registration that verdicts belong to; an update or a restart begins a new one (INV-45). */
  readonly epoch: number;
  readonly runtime: Runtime;
  /** The monitor at the bottom of what lets one of this id down, if anything does. */
  readonly rootCauseOf: (id: string) => string | undefined;
  /** What a monitor of this id knew in an earlier program. */
  readonly memory?: MonitorSnapshot | undefined;
  /** Where it waits for its turn to check. */
  readonly turnstile: Turnstile;
  /** Hears every fact about this monitor. */
  readonly listener: ActorRef<Snapshot<unknown>, MonitorEvent>;
}

/** What a monitor remembers. Times are epoch milliseconds. */
export interface MonitorContext extends MonitorInput {
  readonly streaks: Streaks;
  readonly flaps: Flaps;
  readonly outcome: Outcome;
  readonly verdict: Verdict | undefined;
  readonly cause: unknown;
  readonly health: Health;
  readonly formerHealth: Health;
  readonly changes: number;
  readonly since: number;
  readonly detail: string | undefined;
  readonly registeredAt: number;
  readonly connectedAt: number;
  readonly activeAt: number;
  /** When the check under way, or the last one, began. */
  readonly askedAt: number;
  readonly checkedAt: number | undefined;
  readonly healthyAt: number | undefined;
  /** When the next check is due. */
  readonly dueAt: number | undefined;
  readonly checkOwed: boolean;
  /** Which of its requests for a turn counts: a turn that was given to an older one came too late. */
  readonly ticket: number;
  readonly pausedUntil: number | undefined;
}

/** What a monitor can be told. */
export type MonitorCommand =
  | { readonly type: 'check' }
  | { readonly type: 'pause'; readonly ttlMs?: number }
  | { readonly type: 'resume' }
  | { readonly type: 'update'; readonly probe?: Probe; readonly options: ResolvedMonitorOptions }
  | { readonly type: 'markConnected' }
  | { readonly type: 'markReconnecting' }
  | { readonly type: 'recordActivity' }
  | { readonly type: 'turn.given'; readonly ticket: number }
  | { readonly type: 'stop' };

/** What the cadence says to the other regions. */
export type Judgement =
  | { readonly type: 'probe.passed' }
  | { readonly type: 'probe.warned' }
  | { readonly type: 'probe.failed' }
  | { readonly type: 'probe.erred' }
  | { readonly type: 'probe.excused' }
  | { readonly type: 'target.stale' };

export const judgements = {
  pass: 'probe.passed',
  warn: 'probe.warned',
  fail: 'probe.failed',
  error: 'probe.erred',
} as const satisfies Record<Outcome, Judgement['type']>;

/** The present instant of the monitor's clock. */
export const now = ({ runtime }: MonitorContext): number => runtime.clock.now();

/** How long the check that ends now took, in milliseconds. */
export const tookMs = (context: MonitorContext): number => Math.max(0, now(context) - context.askedAt);

/** How late the timeout of the check under way is noticed, in milliseconds: only a program that stood still is late. */
export const lateMs = (context: MonitorContext): number => now(context) - context.askedAt - context.options.timeoutMs;

/** A failure this early says only that the target is still starting (INV-43). A clock that was set back makes none early. */
export const withinGrace = (context: MonitorContext): boolean =>
  (context.outcome === 'fail' || context.outcome === 'error') &&
  Math.abs(now(context) - context.registeredAt) < context.options.startGraceMs;

/** Whether the latest check takes a target down that worked before it. */
function falls(context: MonitorContext): boolean {
  const { health, streaks, options } = context;
  const works = health === 'healthy' || health === 'degraded';
  const failed = streaks.failures >= options.failureThreshold || streaks.errors >= options.errorThreshold;
  return works && failed && !withinGrace(context);
}

/** What one more check did to the context; `verdict` is absent when the check broke. */
export function noted(context: MonitorContext, verdict: Verdict | undefined, cause?: unknown): Partial<MonitorContext> {
  const outcome = verdict?.status ?? 'error';
  const checkedAt = now(context);
  const good = outcome === 'pass' || outcome === 'warn';
  const streaks = lengthen(context.streaks, outcome);
  return {
    outcome,
    verdict,
    cause,
    checkedAt,
    streaks,
    flaps: afterCheck(context.flaps, falls({ ...context, outcome, streaks }), checkedAt, context.options),
    detail: verdict === undefined ? String(cause) : verdict.detail,
    ...(good ? { activeAt: checkedAt, healthyAt: checkedAt } : {}),
  };
}

/** The context before the first check: nothing is known but what is remembered, and nothing is claimed (INV-67). */
export function freshContext(input: MonitorInput): MonitorContext {
  const { id, probe, options, epoch, runtime, rootCauseOf, memory, turnstile, listener } = input;
  const registeredAt = runtime.clock.now();
  // Named one by one, so that the engine lays a context out in one piece, for good.
  const fresh: MonitorContext = {
    id,
    probe,
    options,
    epoch,
    runtime,
    rootCauseOf,
    memory,
    turnstile,
    listener,
    streaks: noStreaks,
    flaps: noFlaps,
    outcome: 'pass',
    verdict: undefined,
    cause: undefined,
    health: 'stopped',
    formerHealth: 'stopped',
    changes: 0,
    since: registeredAt,
    detail: undefined,
    registeredAt,
    connectedAt: registeredAt,
    activeAt: registeredAt,
    askedAt: registeredAt,
    checkedAt: undefined,
    healthyAt: undefined,
    checkOwed: false,
    ticket: 0,
    dueAt: undefined,
    pausedUntil: undefined,
  };
  return memory === undefined ? fresh : { ...fresh, ...remembered(memory) };
}

/** What a memory says of the context; the health itself is for the chart to take up. */
function remembered(memory: MonitorSnapshot): Partial<MonitorContext> {
  const { health: _health, since: _since, alert: _alert, ...rest } = memory;
  return rest;
}
