import type { MonitorDescription, MonitorStatus } from '@watchkeeper/core';

/**
 * Explains the health of a monitor in sentences: what was found, how often, since when, and what follows.
 *
 * @param monitor description of the monitor, where it is known.
 */
export function explainMonitor(status: MonitorStatus, now: number, monitor?: MonitorDescription): string[] {
  const { health, since, detail } = status;
  const sentences = [`It has been ${health} for ${ago(now - since)}${detail === undefined ? '' : `: ${detail}`}.`];
  sentences.push(...explainDependencies(status), ...explainChecks(status, now, monitor), ...explainAlert(status));
  if (monitor?.isRestored === true) sentences.push('It went on from what an earlier program knew of it.');
  sentences.push(...explainPlanes(status));
  return sentences;
}

/** Explains the planes of the program that it takes away. */
function explainPlanes({ health, requiredFor }: MonitorStatus): string[] {
  const sentences: string[] = [];
  if (requiredFor.includes('started') && health === 'starting')
    sentences.push('The program has not started before this target is judged, unless it had been judged before.');
  if (requiredFor.includes('ready') && !readyHealths.has(health))
    sentences.push('The program is not ready, because this target is required.');
  if (requiredFor.includes('live') && (health === 'unhealthy' || health === 'error'))
    sentences.push('The program asks to be restarted, because this target is required for it to live.');
  return sentences;
}

/** Explains the monitors it depends on. */
function explainDependencies({ rootCause, health, effectiveHealth, verdict }: MonitorStatus): string[] {
  const sentences: string[] = [];
  if (rootCause !== undefined) {
    sentences.push(
      effectiveHealth === health
        ? `Something it depends on is down. The root cause is ${rootCause}.`
        : `It works, and yet cannot be counted on: something it depends on is down. The root cause is ${rootCause}.`,
    );
  }
  const { good, members, needed, panic } = verdict?.measured ?? {};
  if (good !== undefined && members !== undefined && needed !== undefined) {
    sentences.push(`Of its ${members} members, ${good} are good; ${needed} are needed.`);
  }
  if (panic === 1)
    sentences.push("So few of them are good that the fault is likely our own or everybody's: it counts as degraded.");
  return sentences;
}

/** Explains the results of its checks. */
function explainChecks(status: MonitorStatus, now: number, monitor: MonitorDescription | undefined): string[] {
  const { health, detail, verdict, checkedAt, healthyAt, failures, lastFailures } = status;
  const sentences: string[] = [];
  if (checkedAt === undefined) sentences.push('No check has ended yet.');
  else if (verdict === undefined) {
    sentences.push(
      `The last check, ${ago(now - checkedAt)} ago, broke: it gave no verdict, so nothing is known of the target.`,
    );
  } else {
    const found = verdict.detail === undefined || verdict.detail === detail ? '' : ` (${verdict.detail})`;
    sentences.push(`The last check, ${ago(now - checkedAt)} ago, ended with ${verdict.status}${found}.`);
  }
  const threshold = monitor?.failureThreshold ?? 1;
  const takes = threshold > 1 ? ` It takes ${threshold} to call it unhealthy.` : '';
  if (failures > 0) sentences.push(`${failures === 1 ? 'One check' : `${failures} checks in a row`} failed.${takes}`);
  if (health !== 'healthy' && healthyAt !== undefined)
    sentences.push(`A check last passed ${ago(now - healthyAt)} ago.`);
  const last = lastFailures.at(-1);
  if (failures === 0 && last !== undefined) {
    const why = last.detail === undefined ? '' : `: ${last.detail}`;
    sentences.push(`A check last failed ${ago(now - last.at)} ago${why}.`);
  }
  return sentences;
}

/** Explains its alert. */
function explainAlert({ alerting, alertHeld, flapping, rootCause }: MonitorStatus): string[] {
  const sentences: string[] = [];
  if (flapping) sentences.push('It falls again and again: it flaps, and its alerts are held until it has calmed down.');
  if (alertHeld) {
    sentences.push(
      `An alert is due and held back, because ${rootCause === undefined ? 'it flaps' : `of ${rootCause}`}.`,
    );
  }
  if (alerting) sentences.push('An alert is raised; it is cleared once by the next recovery.');
  return sentences;
}

const readyHealths: ReadonlySet<string> = new Set(['healthy', 'degraded', 'paused']);

function ago(ms: number): string {
  if (ms < 1_000) return 'less than a second';
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}
