import type { MonitorStatus } from '@watchkeeper/core';

/** Why a monitor judges as it does, as sentences: what was found, how often, since when, and what follows. */
export function whyWords(status: MonitorStatus, now: number): string[] {
  const { health, since, detail, verdict, checkedAt, healthyAt, failures, alerting, required } = status;
  const words = [`It has been ${health} for ${ago(now - since)}${detail === undefined ? '' : `: ${detail}`}.`];
  if (checkedAt === undefined) words.push('No check has ended yet.');
  else if (verdict === undefined) {
    words.push(
      `The last check, ${ago(now - checkedAt)} ago, broke: it gave no verdict, so nothing is known of the target.`,
    );
  } else {
    const found = verdict.detail === undefined || verdict.detail === detail ? '' : ` (${verdict.detail})`;
    words.push(`The last check, ${ago(now - checkedAt)} ago, ended with ${verdict.status}${found}.`);
  }
  if (failures > 0) words.push(`${failures === 1 ? 'One check' : `${failures} checks in a row`} failed.`);
  if (health !== 'healthy' && healthyAt !== undefined) words.push(`A check last passed ${ago(now - healthyAt)} ago.`);
  if (alerting) words.push('An alert is raised; it is cleared once by the next recovery.');
  if (required && !readyHealths.has(health)) words.push('The program is not ready, because this target is required.');
  return words;
}

const readyHealths: ReadonlySet<string> = new Set(['healthy', 'degraded', 'paused']);

function ago(ms: number): string {
  if (ms < 1_000) return 'less than a second';
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}
