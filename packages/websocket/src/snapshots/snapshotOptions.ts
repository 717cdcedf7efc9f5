import { objectWith, positiveMs, type Rule, type Rules, resolveOptions } from '@watchkeeper/core/options';
import type { SnapshotOptions, SnapshotSource } from './snapshot.ts';

export const sourceRule: Rule<SnapshotSource> = objectWith<SnapshotSource>('edition', 'build');

const snapshotRules: Rules<SnapshotOptions> = { floorMs: positiveMs };

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveSnapshotOptions(given: SnapshotOptions | undefined): Required<SnapshotOptions> {
  return resolveOptions<Required<SnapshotOptions>>('snapshots', snapshotRules, { floorMs: 2_000 }, given);
}
