import {
  type Clock,
  type DrainOptions,
  type DrainReport,
  drainDefaults,
  requireDrainBudget,
  systemClock,
} from '@watchkeeper/core';
import { clockRule } from '@watchkeeper/core/adapters';
import {
  callable,
  durationMs,
  objectWith,
  oneOf,
  positiveMs,
  type Rule,
  type Rules,
  resolveOptions,
} from '@watchkeeper/core/options';
import type { SignalEvent } from './signalEvents.ts';

/** Source of signals, such as `process`. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

/** Options of `onSignals`. */
export interface SignalOptions {
  /**
   * The signals that begin the end.
   * @default ['SIGTERM', 'SIGINT']
   */
  readonly signals?: readonly NodeJS.Signals[];
  /**
   * The drain's options. What is left out is the supervisor's own; give them here, where they are held against the budget.
   * @default those of the supervisor
   */
  readonly drain?: DrainOptions;
  /**
   * Runs after the drain, whatever its outcome: closes what is not under the supervisor.
   * @default nothing to finish
   */
  readonly finish?: (report: DrainReport) => void | Promise<void>;
  /**
   * How long {@link SignalOptions.finish} may be expected to take, in milliseconds.
   * @default 0
   */
  readonly finishMs?: number;
  /**
   * How long after the signal the platform kills: Kubernetes' `terminationGracePeriodSeconds`, in milliseconds.
   * @default 30000
   */
  readonly terminationGraceMs?: number;
  /**
   * How much of that is spent by a `preStop` hook before the signal comes, in milliseconds.
   * @default 0
   */
  readonly preStopMs?: number;
  /**
   * How long closing by force may take at the end of a drain: the supervisor's `closeTimeoutMs`, in milliseconds.
   * @default 2000
   */
  readonly closeMs?: number;
  /**
   * How long before the platform's kill the process exits by itself, in milliseconds.
   * @default 1000
   */
  readonly marginMs?: number;
  /**
   * What a second SIGINT does, by which a person at a terminal says that it takes too long: `force` ends the process at
   * once, `ignore` makes it an event and nothing else. `ignore` is for programs in which something raises signals anew.
   * Any other signal that comes again, as SIGTERM, is an event only: platforms force by SIGKILL.
   * @default 'force'
   */
  readonly secondSignal?: 'force' | 'ignore';
  /**
   * A SIGINT within this time after the first signal is the same key press, which a terminal and a package runner both
   * pass on, or a framework that raises the signal again. In milliseconds.
   * @default 50
   */
  readonly echoMs?: number;
  /** Called with every event, for your log. What it throws is ignored: the program ends all the same. */
  readonly report?: (event: SignalEvent) => void;
  /**
   * Ends the process.
   * @default process.exit
   */
  readonly exit?: (code: number) => void;
  /**
   * The source of signals.
   * @default process
   */
  readonly source?: SignalSource;
  /**
   * The source of time.
   * @default the process's clock
   */
  readonly clock?: Clock;
}

/** Options that are complete and checked. */
export interface ResolvedSignalOptions extends Readonly<Required<SignalOptions>> {
  /** Time from the signal until the process exits by itself, in milliseconds. */
  readonly hardDeadlineMs: number;
}

/** Defaults of {@link SignalOptions}: they fit into the 30 seconds that Kubernetes gives. */
export const signalDefaults = {
  signals: ['SIGTERM', 'SIGINT'],
  drain: {},
  finish: () => {},
  finishMs: 0,
  terminationGraceMs: 30_000,
  preStopMs: 0,
  closeMs: 2_000,
  marginMs: 1_000,
  secondSignal: 'force',
  echoMs: 50,
  report: () => {},
} as const satisfies Required<Omit<SignalOptions, 'exit' | 'source' | 'clock'>>;

const signalList: Rule<readonly NodeJS.Signals[]> = {
  is: 'a list of at least one signal name',
  accepts: (value): value is readonly NodeJS.Signals[] =>
    Array.isArray(value) && value.length > 0 && value.every((name) => /^SIG[A-Z0-9]+$/.test(name)),
};

const signalRules: Rules<SignalOptions> = {
  signals: signalList,
  drain: { ...objectWith<DrainOptions>(), is: 'an object of drain options' },
  finish: callable<(report: DrainReport) => void | Promise<void>>(),
  finishMs: durationMs,
  terminationGraceMs: positiveMs,
  preStopMs: durationMs,
  closeMs: durationMs,
  marginMs: durationMs,
  secondSignal: oneOf('force', 'ignore'),
  echoMs: durationMs,
  report: callable<(event: SignalEvent) => void>(),
  exit: callable<(code: number) => void>(),
  source: objectWith<SignalSource>('on', 'off'),
  clock: clockRule,
};

/** @throws `InvalidOptionError` for an option that breaks its rule, or times that do not fit into the budget. */
export function resolveSignalOptions(given: SignalOptions | undefined): ResolvedSignalOptions {
  const exit = (code: number) => process.exit(code);
  const defaults: Required<SignalOptions> = { ...signalDefaults, exit, source: process, clock: systemClock() };
  const resolved = resolveOptions<Required<SignalOptions>>('onSignals', signalRules, defaults, given);
  const { drain, terminationGraceMs, preStopMs, marginMs, closeMs, finishMs } = resolved;
  const { noticeMs, graceMs, deadlineMs } = drainDefaults;
  const planned = {
    noticeMs: drain.noticeMs ?? noticeMs,
    graceMs: drain.graceMs ?? graceMs,
    deadlineMs: drain.deadlineMs ?? deadlineMs,
  };
  // A drain that the platform kills half-way is no drain: it must fit before it is ever needed.
  requireDrainBudget('onSignals', planned, {
    terminationGraceMs,
    spentMs: { preStopMs, marginMs, closeMs, finishMs },
  });
  return { ...resolved, hardDeadlineMs: terminationGraceMs - preStopMs - marginMs };
}
