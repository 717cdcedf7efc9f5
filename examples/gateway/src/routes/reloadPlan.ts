import { isDeepStrictEqual } from 'node:util';
import type { Watch } from './watch.ts';

/** A target whose monitor goes on, with another question or other options. */
export type ChangedWatch = Extract<Watch, { kind: 'target' }> & {
  readonly asksAnew: boolean;
  /** Whether it rests on less, or on others, than before. */
  readonly restsAnew: boolean;
};

/** Changes that turn what is watched into what should be. */
export interface ReloadPlan {
  /** Ids whose monitors end, those among them that are made anew included. */
  readonly stop: readonly string[];
  /** Ids that nothing watches any more. */
  readonly removed: readonly string[];
  /** New monitors, and those made anew; each rests only on those before it or on others. */
  readonly start: readonly Watch[];
  readonly update: readonly ChangedWatch[];
  readonly unchanged: readonly string[];
}

/**
 * Compares what is watched with what should be. Monitors of unchanged watches are in no part of the plan that acts
 * (INV-55).
 */
export function planReload(before: readonly Watch[], after: readonly Watch[]): ReloadPlan {
  const old = new Map(before.map((watch) => [watch.id, watch]));
  const kept = new Set(after.map(({ id }) => id));
  const removed = before.map(({ id }) => id).filter((id) => !kept.has(id));
  const stop = [...removed];
  const start: Watch[] = [];
  const update: ChangedWatch[] = [];
  const unchanged: string[] = [];
  for (const watch of after) {
    const was = old.get(watch.id);
    if (was === undefined) start.push(watch);
    else if (isDeepStrictEqual(was, watch)) unchanged.push(watch.id);
    else if (was.kind === 'target' && watch.kind === 'target') {
      const asksAnew = !isDeepStrictEqual(was.question, watch.question);
      const restsAnew = !isDeepStrictEqual(was.options.dependsOn, watch.options.dependsOn);
      update.push({ ...watch, asksAnew, restsAnew });
    } else {
      // What a composite is made of cannot change while it runs.
      stop.push(watch.id);
      start.push(watch);
    }
  }
  return { stop, removed, start, update, unchanged };
}
