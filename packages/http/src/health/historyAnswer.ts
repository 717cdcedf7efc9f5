import type { HttpAnswer } from '../listener.ts';
import type { Answerer } from './answerPaths.ts';
import type { HealthSource } from './healthAnswer.ts';
import { failuresOf, type HealthJsonFailure, type HealthJsonStatus, statusOfHealth } from './healthJson.ts';
import type { ResolvedHealthOptions } from './healthOptions.ts';

/** How one monitor is, and how it failed lately. */
export type HealthHistory = {
  readonly id: string;
  readonly status: HealthJsonStatus;
  readonly health: string;
  /** Since when it has been so. */
  readonly since: string;
  /** When a check last passed. */
  readonly healthyAt?: string;
  /** The latest last. */
  readonly failures: readonly HealthJsonFailure[];
};

/** @returns what answers at `path`, where that is the path of the history of one monitor under `base`. */
export function historyAnswerer(
  keeper: Pick<HealthSource, 'monitorOf'>,
  { details }: Pick<ResolvedHealthOptions, 'details'>,
  base: string,
  path: string,
): Answerer | undefined {
  const [start, end] = [`${base === '/' ? '' : base}/`, '/history'];
  if (!path.startsWith(start) || !path.endsWith(end)) return undefined;
  const id = path.slice(start.length, -end.length);
  return id === '' ? undefined : (request) => historyAnswer(keeper, id, details(request) === true);
}

function historyAnswer(keeper: Pick<HealthSource, 'monitorOf'>, id: string, isAllowed: boolean): HttpAnswer {
  const status = isAllowed ? keeper.monitorOf(id)?.status : undefined;
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };
  if (status === undefined) return { status: 404, headers, body: JSON.stringify({ error: 'Not found' }) };
  const { health, since, healthyAt } = status;
  const history: HealthHistory = {
    id,
    status: statusOfHealth[health],
    health,
    since: new Date(since).toISOString(),
    ...(healthyAt === undefined ? {} : { healthyAt: new Date(healthyAt).toISOString() }),
    failures: failuresOf(status),
  };
  return { status: 200, headers, body: JSON.stringify(history) };
}
