import type { Alert } from './alert.ts';

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A duration as people say it, in its two largest units: `1 h 5 min`. */
export function sayDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const parts: string[] = [];
  let left = ms;
  for (const [unit, size] of units) {
    const whole = Math.floor(left / size);
    if (whole > 0) parts.push(`${whole} ${unit}`);
    else if (parts.length > 0) break;
    left -= whole * size;
  }
  return parts.slice(0, 2).join(' ');
}

const sayTime = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** One line for the top of a message. */
export function titleOf({ target, news }: Alert): string {
  return { down: `${target} is down`, up: `${target} is back`, both: `${target} was down and is back` }[news];
}

/** Details of an alert, line by line. */
export function linesOf({ news, at, downAt, healthyAt, probe, detail, failures }: Alert): string[] {
  const why = detail === undefined ? [] : [detail];
  if (news === 'down') {
    const seen = healthyAt === undefined ? 'never seen healthy' : `last healthy ${sayTime(healthyAt)}`;
    return [...why, `${probe}: ${failures} failed ${failures === 1 ? 'check' : 'checks in a row'}, ${seen}`];
  }
  const span = `${sayDuration(at - downAt)}, from ${sayTime(downAt)} to ${sayTime(at)}`;
  return [`down for ${span}`, ...(news === 'both' ? why : [])];
}
