import type { Composites } from '../aggregate/composites.ts';
import type { Composition } from '../aggregate/composition.ts';
import type { HealthIndex } from '../aggregate/healthIndex.ts';
import type { Health } from '../model/health.ts';
import type { Verdict } from '../model/verdict.ts';
import type { GroupStatus } from '../monitor/groupStatus.ts';
import type { Monitor } from '../monitor/monitor.ts';

/** What a group is read from. */
export interface GroupSource {
  readonly composites: Composites;
  readonly healthIndex: HealthIndex;
  readonly monitorOf: (id: string) => Pick<Monitor, 'status'> | undefined;
}

const healthOfVerdict: Readonly<Record<Verdict['status'], Health>> = {
  pass: 'healthy',
  warn: 'degraded',
  fail: 'unhealthy',
};

/** Returns a group by its name: the id of a monitor or composite, or else a tag; `undefined` where nothing has it. */
export function groupOf(
  { composites, healthIndex, monitorOf }: GroupSource,
  name: string,
  need: Composition['need'] | undefined,
): GroupStatus | undefined {
  const own = healthIndex.healthOf(name);
  const members = composites.membersOf(name) ?? (own === undefined ? [...composites.tags.idsOf(name)] : [name]);
  if (own !== undefined && need === undefined) {
    const detail = monitorOf(name)?.status.detail;
    return { name, health: own, ...(detail === undefined ? {} : { detail }), members };
  }
  if (own === undefined && members.length === 0) return undefined;
  const verdict = composites.judge(members, need ?? 'all');
  if (verdict === undefined) return { name, health: 'starting', members };
  const { status, detail } = verdict;
  return { name, health: healthOfVerdict[status], ...(detail === undefined ? {} : { detail }), members };
}
