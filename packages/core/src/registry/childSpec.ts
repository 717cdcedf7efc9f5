import { InvalidOptionError } from '../errors.ts';
import { flag, oneOf, type Rules, resolveOptions } from '../rules.ts';
import type { Restart } from './restartPolicy.ts';
import { type Shutdown, shutdownRule } from './shutdown.ts';

/**
 * When the end of significant children shuts a registry down, as in Erlang/OTP: never, when one of them ended, or when
 * the last of them did.
 */
export type AutoShutdown = 'never' | 'any_significant' | 'all_significant';

/** What holds for one child, as in Erlang/OTP. */
export interface ChildSpec {
  /**
   * Restart type.
   * @default that of the registry
   */
  readonly restart?: Restart;
  /**
   * How it is asked to end, and for how long.
   * @default that of the registry; where that has none, it is stopped at once
   */
  readonly shutdown?: Shutdown | undefined;
  /**
   * Whether its end may shut the registry down, as `autoShutdown` says. Never so for a `permanent` child.
   * @default false
   */
  readonly significant?: boolean;
}

/** {@link ChildSpec}, complete and checked. `shutdown` is only the child's own. */
export type ResolvedChildSpec = Required<ChildSpec>;

export const restartRule = oneOf('permanent', 'transient', 'temporary');

const rules: Rules<ChildSpec> = { restart: restartRule, shutdown: shutdownRule, significant: flag };

/** @throws {@link InvalidOptionError} for the first option that breaks its rule. */
export function resolveChildSpec(
  given: ChildSpec,
  defaults: ResolvedChildSpec,
  autoShutdown: AutoShutdown,
): ResolvedChildSpec {
  const spec = resolveOptions<ResolvedChildSpec>('child', rules, defaults, given);
  if (spec.significant && spec.restart === 'permanent') {
    throw new InvalidOptionError(
      'child.significant',
      'false for a permanent child, whose end is always a restart',
      true,
    );
  }
  if (spec.significant && autoShutdown === 'never') {
    throw new InvalidOptionError('child.significant', "false while the registry's autoShutdown is 'never'", true);
  }
  return spec;
}
