import type { MonitorStatus } from '@watchkeeper/core';
import { at } from '../redact/visibleContext.ts';

/**
 * Why a monitor judges as it does, as sentences: what was found, how often, since when, and what follows.
 *
 * @param context what the monitor remembers, where that can be seen.
 */
export function whyWords(status: MonitorStatus, now: number, context?: unknown): string[] {
  const { health, since, detail, required } = status;
  const words = [`It has been ${health} for ${ago(now - since)}${detail === undefined ? '' : `: ${detail}`}.`];
  words.push(...groundWords(status), ...checkWords(status, now, context), ...alertWords(status));
  if (at(context, 'memory') !== undefined) words.push('It went on from what an earlier program knew of it.');
  if (required && !readyHealths.has(health)) words.push('The program is not ready, because this target is required.');
  return words;
}

/** What it rests on. */
function groundWords({ rootCause, health, effectiveHealth, verdict }: MonitorStatus): string[] {
  const words: string[] = [];
  if (rootCause !== undefined) {
    words.push(
      effectiveHealth === health
        ? `Something it depends on is down. The root cause is ${rootCause}.`
        : `It works, and yet cannot be counted on: something it depends on is down. The root cause is ${rootCause}.`,
    );
  }
  const { good, members, needed } = verdict?.measured ?? {};
  if (good !== undefined && members !== undefined && needed !== undefined) {
    words.push(`Of its ${members} members, ${good} are good; ${needed} are needed.`);
  }
  return words;
}

/** What its checks found. */
function checkWords(status: MonitorStatus, now: number, context: unknown): string[] {
  const { health, detail, verdict, checkedAt, healthyAt, failures } = status;
  const words: string[] = [];
  if (checkedAt === undefined) words.push('No check has ended yet.');
  else if (verdict === undefined) {
    words.push(
      `The last check, ${ago(now - checkedAt)} ago, broke: it gave no verdict, so nothing is known of the target.`,
    );
  } else {
    const found = verdict.detail === undefined || verdict.detail === detail ? '' : ` (${verdict.detail})`;
    words.push(`The last check, ${ago(now - checkedAt)} ago, ended with ${verdict.status}${found}.`);
  }
  const threshold = at(context, 'options.failureThreshold');
  const takes = typeof threshold === 'number' && threshold > 1 ? ` It takes ${threshold} to call it unhealthy.` : '';
  if (failures > 0) words.push(`${failures === 1 ? 'One check' : `${failures} checks in a row`} failed.${takes}`);
  if (health !== 'healthy' && healthyAt !== undefined) words.push(`A check last passed ${ago(now - healthyAt)} ago.`);
  return words;
}

/** Whether anybody is disturbed. */
function alertWords({ alerting, alertHeld, flapping, rootCause }: MonitorStatus): string[] {
  const words: string[] = [];
  if (flapping) words.push('It falls again and again: it flaps, and its alerts are held until it has calmed down.');
  if (alertHeld) {
    words.push(`An alert is due and held back, because ${rootCause === undefined ? 'it flaps' : `of ${rootCause}`}.`);
  }
  if (alerting) words.push('An alert is raised; it is cleared once by the next recovery.');
  return words;
}

const readyHealths: ReadonlySet<string> = new Set(['healthy', 'degraded', 'paused']);

function ago(ms: number): string {
  if (ms < 1_000) return 'less than a second';
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}
