import { WatchkeeperError } from '../../errors.ts';

/**
 * Thrown by `compile` for a machine that uses something it does not cover. Rewrite that part of the chart, or run the
 * machine with XState's interpreter.
 */
export class UnsupportedFeatureError extends WatchkeeperError {
  readonly code = 'UNSUPPORTED_FEATURE';
  /** The feature, in words: `the guard 'ready', which has no implementation`. */
  readonly feature: string;
  /** Id of the state node it was found on. */
  readonly path: string;

  constructor(feature: string, path: string) {
    super(`Cannot compile ${feature}, found at #${path}`);
    this.feature = feature;
    this.path = path;
  }
}
