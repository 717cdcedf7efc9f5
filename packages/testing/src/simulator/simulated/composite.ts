import type { Composition, Health, ResolvedMonitorOptions } from '@watchkeeper/core';
import { SimulatedTarget, type TargetWorld } from './target.ts';

/** One composite: a target that nobody asks, since its members say what it is. */
export class SimulatedComposite extends SimulatedTarget {
  readonly composition: Composition;

  readonly panicThreshold: number;

  constructor(
    id: string,
    options: ResolvedMonitorOptions,
    world: TargetWorld,
    { panicThreshold, ...composition }: Composition & { readonly panicThreshold: number },
  ) {
    super(id, options, world);
    this.composition = composition;
    this.panicThreshold = panicThreshold;
  }

  /** @returns the health it must have while its members have these. */
  healthBy(members: readonly (Health | undefined)[]): Health {
    const { need } = this.composition;
    const counted = members.filter((health) => health !== undefined && health !== 'paused' && health !== 'stopped');
    const count = (...healths: readonly Health[]) =>
      counted.filter((health) => health !== undefined && healths.includes(health)).length;
    const needed = need === 'all' ? counted.length : need === 'any' ? 1 : Number(need);
    if (counted.length === 0) return 'starting';
    if (count('healthy') >= needed) return 'healthy';
    if (count('healthy', 'degraded') >= needed) return 'degraded';
    if (count('healthy', 'degraded', 'starting') >= needed) return 'starting';
    return count('healthy', 'degraded') < this.panicThreshold * counted.length ? 'degraded' : 'unhealthy';
  }
}
