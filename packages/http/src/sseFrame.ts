import type { Notice } from '@watchkeeper/core';

/** Sets how long the client waits before it connects again, in milliseconds; dispatches nothing. */
export function retryFrame(ms: number): string {
  return `retry: ${ms}\n\n`;
}

/** A line that clients skip: it shows that the connection lives. */
export const keepAliveFrame = ': keep-alive\n\n';

/**
 * One event. `id` is what a client hands back when it resumes; without it the last one stays. `retryMs` is how long the
 * client waits before it connects again.
 */
export function eventFrame(
  type: string,
  json: string,
  { id, retryMs }: { id?: string; retryMs?: number } = {},
): string {
  const lines = [`event: ${type}`];
  if (id !== undefined) lines.push(`id: ${id}`);
  if (retryMs !== undefined) lines.push(`retry: ${retryMs}`);
  lines.push(`data: ${json}\n\n`);
  return lines.join('\n');
}

const jsons = new WeakMap<Notice, string>();

/** A notice as JSON, written once however many clients are told. */
export function jsonOf(notice: Notice): string {
  let json = jsons.get(notice);
  if (json === undefined) {
    json = JSON.stringify(notice);
    jsons.set(notice, json);
  }
  return json;
}
