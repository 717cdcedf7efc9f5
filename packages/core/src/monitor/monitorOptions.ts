import { InvalidOptionError } from '../errors.ts';
import { type Plane, planesRule, sharedPlanes } from '../model/plane.ts';
import {
  count,
  differentTexts,
  durationMs,
  frozenCopy,
  oneOf,
  positiveCount,
  positiveMs,
  positiveNumber,
  type Rules,
  ratio,
  resolveOptions,
  texts,
  wholeNumber,
} from '../rules.ts';

/** How a monitor asks and judges. Every option may be left out. */
export interface MonitorOptions {
  /**
   * Time from the end of one check to the start of the next, in milliseconds.
   * @default 10000
   */
  readonly intervalMs?: number;
  /**
   * Interval while a threshold is being counted, and before the first judgement, in milliseconds: faster, to know
   * sooner. 0 means as {@link MonitorOptions.intervalMs}.
   * @default 0
   */
  readonly edgeIntervalMs?: number;
  /**
   * Interval while the target is down (`unhealthy` or `stale`), in milliseconds. 0 means as {@link MonitorOptions.intervalMs}.
   * @default 0
   */
  readonly downIntervalMs?: number;
  /**
   * How long one check may take, in milliseconds; then it is aborted and judged `fail`.
   * @default 2000
   */
  readonly timeoutMs?: number;
  /**
   * Where this program stood still for longer than this, in milliseconds, nothing is judged by time: a timeout noticed so
   * late or with a stall for most of its time, a verdict that is {@link Verdict.byTime}, of a check that had such a stall
   * or began so late. The check is discarded, judged neither way, and made again after the next interval; a latency is
   * left out of any other verdict. Stalls are measured to 50 ms; on a clock that is moved by hand only lateness counts.
   * @default 250
   */
  readonly stallToleranceMs?: number;
  /**
   * The first check begins at a random moment within this long after the start, in milliseconds, so that many monitors
   * do not begin all at once. 0 means at once (INV-40).
   * @default 0
   */
  readonly staggerMs?: number;
  /**
   * How far each interval may stray either way, as a share of it, so that many monitors do not ask in step.
   * @default 0.1
   */
  readonly jitter?: number;
  /**
   * Failed checks in a row that make a target `unhealthy`. At 1 health reflects the latest check (INV-60).
   * @default 1
   */
  readonly failureThreshold?: number;
  /**
   * Passed checks in a row that bring an unhealthy target back.
   * @default 1
   */
  readonly successThreshold?: number;
  /**
   * Passed or failed checks in a row that decide for the first time, in place of the other two thresholds: at the start, and
   * whenever the target is `starting` again. At 1 the first verdict decides, as in Envoy. A check that breaks is no verdict.
   * @default 1
   */
  readonly startThreshold?: number;
  /**
   * What a target counts as before its first verdicts have decided; HAProxy's `init-state`. With `healthy` or `degraded` the
   * program may be ready before anything was asked; it is never started before the first verdict. After a crash, with a new
   * probe and after a pause a target is `starting`, whatever stands here (INV-67, INV-115).
   * @default 'starting'
   */
  readonly initialHealth?: 'starting' | 'healthy' | 'degraded' | 'unhealthy';
  /**
   * Failed checks in a row that raise an alert. 0 means as many as fit into 15 seconds, at least one;
   * below 0 means at the first failure (INV-58, INV-74).
   * @default 0
   */
  readonly alertAfter?: number;
  /**
   * A target that falls again and again flaps: each fall counts one, and half of the count is forgotten in this time,
   * in milliseconds. While it flaps, alerts are held; those that are raised are cleared as ever. It is calm at the
   * latest four half-lives after its last fall. 0 switches the rule off (RFC 2439).
   * @default 0
   */
  readonly flapHalfLifeMs?: number;
  /**
   * The count of falls from which on a target flaps.
   * @default 3
   */
  readonly flapSuppress?: number;
  /**
   * The count of falls below which a target that flapped is calm again; must be below `flapSuppress`.
   * @default 1
   */
  readonly flapReuse?: number;
  /**
   * How long after registration failures leave the target `starting`, in milliseconds (INV-43).
   * @default 0
   */
  readonly startGraceMs?: number;
  /**
   * Checks that break in a row (the probe throws) before the target is in `error` (INV-63).
   * @default 5
   */
  readonly errorThreshold?: number;
  /**
   * Interval while in `error`, in milliseconds: slower, never ended.
   * @default 30000
   */
  readonly errorIntervalMs?: number;
  /**
   * A connection older than this and idle for longer than `maxIdleMs` is `stale`, in milliseconds. 0 switches the rule off (INV-41).
   * @default 0
   */
  readonly maxAgeMs?: number;
  /**
   * A target without activity for longer than this is `stale`, in milliseconds. A passed check is activity. 0 switches the rule off.
   * @default 0
   */
  readonly maxIdleMs?: number;
  /**
   * Ids of monitors this target cannot work without. While one of them is down, directly or through others, alerts of
   * this one are held and name the root cause; it is asked and brought back as ever. Each must be running, and none may
   * depend on this one. Let `alertAfter` be above 1, so that what is below has been asked before an alert is raised.
   * @default []
   */
  readonly dependsOn?: readonly string[];
  /**
   * The planes of the program that depend on this target. `started` waits for its first judgement; `ready` is lost while
   * it is not `healthy`, `degraded` or `paused`; `live` is lost while it is `unhealthy` or `error`, which are beyond a
   * threshold, and never in a drain.
   *
   * A program that is not live is killed and begun anew. Say `live` only of what a new process mends, as a worker that
   * hangs or a cache that is broken, and never of another program: its outage would become a loop of restarts here, of
   * every replica at once.
   * @default ['started', 'ready']
   */
  readonly requiredFor?: readonly Plane[];
  /**
   * How many of the latest checks that failed or broke are kept ({@link MonitorStatus.lastFailures}), whatever passed since.
   * @default 10
   */
  readonly keptFailures?: number;
  /**
   * Words that it is found by: a composite may follow one of them ({@link Composition.of}), and groups of `@watchkeeper/http`
   * may be named by one.
   * @default []
   */
  readonly tags?: readonly string[];
}

/** What a monitor does when nothing is said. */
export const monitorDefaults = {
  intervalMs: 10_000,
  edgeIntervalMs: 0,
  downIntervalMs: 0,
  timeoutMs: 2_000,
  stallToleranceMs: 250,
  staggerMs: 0,
  jitter: 0.1,
  failureThreshold: 1,
  successThreshold: 1,
  startThreshold: 1,
  initialHealth: 'starting',
  alertAfter: 0,
  flapHalfLifeMs: 0,
  flapSuppress: 3,
  flapReuse: 1,
  startGraceMs: 0,
  errorThreshold: 5,
  errorIntervalMs: 30_000,
  maxAgeMs: 0,
  maxIdleMs: 0,
  dependsOn: [],
  requiredFor: sharedPlanes(['started', 'ready']),
  keptFailures: 10,
  tags: [],
} as const satisfies Required<MonitorOptions>;

export const monitorRules: Rules<MonitorOptions> = {
  intervalMs: positiveMs,
  edgeIntervalMs: durationMs,
  downIntervalMs: durationMs,
  timeoutMs: positiveMs,
  stallToleranceMs: durationMs,
  staggerMs: durationMs,
  jitter: ratio,
  failureThreshold: positiveCount,
  successThreshold: positiveCount,
  startThreshold: positiveCount,
  initialHealth: oneOf('starting', 'healthy', 'degraded', 'unhealthy'),
  alertAfter: wholeNumber,
  flapHalfLifeMs: durationMs,
  flapSuppress: positiveNumber,
  flapReuse: positiveNumber,
  startGraceMs: durationMs,
  errorThreshold: positiveCount,
  errorIntervalMs: positiveMs,
  maxAgeMs: durationMs,
  maxIdleMs: durationMs,
  dependsOn: texts,
  requiredFor: planesRule,
  keptFailures: count,
  tags: differentTexts,
};

/** Options that are complete and checked. */
export type ResolvedMonitorOptions = Readonly<Required<MonitorOptions>>;

/** Options that are being completed. */
type Filled = { -readonly [K in keyof ResolvedMonitorOptions]: ResolvedMonitorOptions[K] };

/** @throws {@link InvalidOptionError} for the first option that breaks its rule. */
export function resolveMonitorOptions(
  given: MonitorOptions | undefined,
  inherited: ResolvedMonitorOptions = monitorDefaults,
): ResolvedMonitorOptions {
  const resolved: Filled = resolveOptions<Required<MonitorOptions>>('monitor', monitorRules, inherited, given);
  const { flapReuse, flapSuppress } = resolved;
  if (flapReuse >= flapSuppress) {
    throw new InvalidOptionError('monitor.flapReuse', `below flapSuppress (${flapSuppress})`, flapReuse);
  }
  if (given !== undefined) {
    resolved.requiredFor = sharedPlanes(resolved.requiredFor);
    resolved.dependsOn = frozenCopy(resolved.dependsOn);
    resolved.tags = frozenCopy(resolved.tags);
  }
  return resolved;
}

/** Completes the options of one monitor after the other: those of a kind hold one object between them. */
export class SharedOptions {
  readonly #inherited: ResolvedMonitorOptions;
  #last: ResolvedMonitorOptions = monitorDefaults;

  constructor(inherited: ResolvedMonitorOptions) {
    this.#inherited = inherited;
  }

  /** @throws {@link InvalidOptionError} for the first option that breaks its rule. */
  resolve(given: MonitorOptions | undefined): ResolvedMonitorOptions {
    const options = resolveMonitorOptions(given, this.#inherited);
    const names = Object.keys(options) as (keyof ResolvedMonitorOptions)[];
    if (!names.every((name) => isSame(options[name], this.#last[name]))) this.#last = options;
    return this.#last;
  }
}

/** Whether two options are the same value; of lists, whether they hold the same in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

/** How long the default alert waits before it disturbs anybody. */
const defaultAlertDelayMs = 15_000;

/** The number of failures in a row at which `options` ask for an alert. */
export function alertThreshold({
  alertAfter,
  intervalMs,
}: Pick<ResolvedMonitorOptions, 'alertAfter' | 'intervalMs'>): number {
  if (alertAfter > 0) return alertAfter;
  return alertAfter < 0 ? 1 : Math.max(1, Math.floor(defaultAlertDelayMs / intervalMs));
}
