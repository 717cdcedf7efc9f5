import type { Health, Supervisor } from '@watchkeeper/core';
import type { HttpAnswer } from '../listener.ts';
import type { ResolvedGroup } from './groupOptions.ts';
import { checksOf, statusOfHealth } from './healthJson.ts';
import { jsonAnswer } from './jsonAnswer.ts';
import { phaseWords } from './phaseWords.ts';

/** The part of a supervisor that groups are read from. */
export type GroupSource = Pick<Supervisor, 'phase' | 'groupOf' | 'monitorOf'> &
  Partial<Pick<Supervisor, 'noteRefusal' | 'startIgnored'>>;

const good: ReadonlySet<Health> = new Set(['healthy', 'degraded', 'paused']);

/** @returns the response about one group, from its present state; a group that nobody has made is down. */
export function groupAnswer(
  keeper: GroupSource,
  { name, status, need }: ResolvedGroup,
  { retryAfterMs, details }: { readonly retryAfterMs: number; readonly details: boolean },
): HttpAnswer {
  const { phase } = keeper;
  const group = keeper.groupOf(name, need);
  const leaving = phase === 'draining' || phase === 'stopped';
  const health = leaving ? 'stopped' : (group?.health ?? 'starting');
  const code = status[health] ?? (good.has(health) ? 200 : 503);
  const waits = leaving || (phase === 'idle' && health === 'starting');
  const why = group === undefined && !leaving ? 'unknown' : waits ? phaseWords(keeper) : health;
  const passes = statusOfHealth[health] === 'pass' ? 'pass' : 'warn';
  const members = group?.members ?? [];
  return jsonAnswer(
    code,
    {
      status: code < 400 ? passes : 'fail',
      ...(health === 'healthy' ? {} : { output: why }),
      ...(details ? { checks: checksOf(members.flatMap((id) => keeper.monitorOf(id)?.status ?? [])) } : {}),
    },
    retryAfterMs,
  );
}
