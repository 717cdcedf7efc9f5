import type { HealthNotice, Notice } from '@watchkeeper/core';

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

/** A notice as JSON, written once however many clients are told (INV-24). */
export function jsonOf(notice: Notice): string {
  let json = jsons.get(notice);
  if (json === undefined) {
    json = JSON.stringify(notice);
    jsons.set(notice, json);
  }
  return json;
}

/** What the latest client was sent for a notice: mostly what the next one is sent, too. */
const healthFrames = new WeakMap<HealthNotice, { readonly id: string | undefined; readonly frame: string }>();

/** The event of a health notice, written once for all clients that are sent it with the same `id`. */
export function healthFrame(notice: HealthNotice, id: string | undefined): string {
  const known = healthFrames.get(notice);
  if (known !== undefined && known.id === id) return known.frame;
  const frame = eventFrame('health', jsonOf(notice), id === undefined ? {} : { id });
  healthFrames.set(notice, { id, frame });
  return frame;
}
