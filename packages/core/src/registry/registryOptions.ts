import type { AnyActorLogic, InputFrom } from 'xstate';
import { type Clock, clockRule } from '../clock/clock.ts';
import {
  callable,
  nestedOptions,
  objectWith,
  oneOf,
  optional,
  type Rule,
  type Rules,
  resolveOptions,
  text,
} from '../rules.ts';
import { randomRule } from '../runtime/random.ts';
import { type Backoff, backoffDefaults, resolveBackoff } from './backoff.ts';
import type { Child } from './child.ts';
import { type AutoShutdown, restartRule } from './childSpec.ts';
import { resolveRestartLimit } from './restartLimit.ts';
import { type Restart, type RestartLimit, restartLimitDefaults, type Strategy } from './restartPolicy.ts';
import { type Shutdown, shutdownRule } from './shutdown.ts';

/** Options of a registry. */
export interface RegistryOptions<TLogic extends AnyActorLogic, TChild = Child> {
  /** Kind of the children, the prefix of their actor ids: `monitor` gives `monitor:api:1`. */
  readonly kind: string;
  /** The logic of every child. */
  readonly logic: TLogic;
  /** The clock of the restart delays. */
  readonly clock: Clock;
  /** @default Math.random */
  readonly random?: () => number;
  /**
   * Restart type of children that say nothing else.
   * @default 'temporary'
   */
  readonly restart?: Restart;
  /** @default 'one_for_one' */
  readonly strategy?: Strategy;
  /** @default 1 restart in 5 seconds, as in Erlang/OTP */
  readonly limit?: RestartLimit;
  /** @default 1 second, doubling to 10, ±10 % */
  readonly backoff?: Backoff;
  /**
   * How children that say nothing else are asked to end: by a sibling's restart, `terminateChild` and `shutdown`.
   * @default they are stopped at once
   */
  readonly shutdown?: Shutdown | undefined;
  /**
   * Whether the end of significant children shuts the registry down.
   * @default 'never'
   */
  readonly autoShutdown?: AutoShutdown;
  /**
   * Returns the input of a child that is restarted. Where it is given, no child keeps its first input. What it throws
   * is a failed start, which counts as one more crash.
   * @default returns its first input
   */
  readonly inputOnRestart?: ((child: TChild) => InputFrom<TLogic>) | undefined;
  /** Called when a child runs again. */
  readonly onRestarted?: (child: TChild) => void;
  /** Called when a child was stopped by force or without being asked: its parent is sent no event of that end. */
  readonly onStopped?: (child: TChild) => void;
}

/** {@link RegistryOptions}, complete and checked. */
export type ResolvedRegistryOptions<TLogic extends AnyActorLogic, TChild> = Required<RegistryOptions<TLogic, TChild>>;

/** Defaults of {@link RegistryOptions}. */
export const registryDefaults = {
  random: Math.random,
  restart: 'temporary',
  strategy: 'one_for_one',
  limit: restartLimitDefaults,
  backoff: backoffDefaults,
  shutdown: undefined,
  autoShutdown: 'never',
  inputOnRestart: undefined,
  onRestarted: () => {},
  onStopped: () => {},
} as const satisfies Omit<Required<RegistryOptions<AnyActorLogic>>, 'kind' | 'logic' | 'clock'>;

const rules: Rules<RegistryOptions<AnyActorLogic, never>> = {
  kind: text,
  logic: objectWith<AnyActorLogic>('transition', 'getInitialSnapshot'),
  clock: clockRule,
  random: randomRule,
  restart: restartRule,
  strategy: oneOf('one_for_one', 'one_for_all', 'rest_for_one'),
  limit: nestedOptions as Rule<RestartLimit>,
  backoff: nestedOptions as Rule<Backoff>,
  shutdown: shutdownRule,
  autoShutdown: oneOf('never', 'any_significant', 'all_significant'),
  inputOnRestart: optional(callable<(child: never) => unknown>()),
  onRestarted: callable<(child: never) => void>(),
  onStopped: callable<(child: never) => void>(),
};

/** @throws {@link InvalidOptionError} for the first option that breaks its rule, at any depth. */
export function resolveRegistryOptions<TLogic extends AnyActorLogic, TChild>(
  given: RegistryOptions<TLogic, TChild>,
): ResolvedRegistryOptions<TLogic, TChild> {
  const resolved = resolveOptions<object>(
    'registry',
    rules as Rules<object>,
    registryDefaults,
    given,
  ) as ResolvedRegistryOptions<TLogic, TChild>;
  const limit = resolveRestartLimit('registry.limit', resolved.limit, restartLimitDefaults);
  const backoff = resolveBackoff('registry.backoff', resolved.backoff);
  return { ...resolved, limit, backoff };
}
