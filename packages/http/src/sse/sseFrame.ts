import type { HealthNotice, Notice } from '@watchkeeper/core';

/** @returns a frame that sets the client's wait before it connects again, in milliseconds, and dispatches no event. */
export function retryFrame(ms: number): string {
  return `retry: ${ms}\n\n`;
}

/** A comment, which clients skip: it shows that the connection is alive. */
export const keepAliveFrame = ': keep-alive\n\n';

/**
 * Returns the frame of one event. A client sends back `id` when it resumes; without it the last one stays. `retryMs` is
 * how long the client waits before it connects again.
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

/** @returns a notice as JSON, made once however many clients it goes to (INV-24). */
export function jsonOf(notice: Notice): string {
  let json = jsons.get(notice);
  if (json === undefined) {
    json = JSON.stringify(notice);
    jsons.set(notice, json);
  }
  return json;
}

/** The latest frame made for each notice: mostly the next client is sent the same. */
const healthFrames = new WeakMap<HealthNotice, { readonly id: string | undefined; readonly frame: string }>();

/** @returns the frame of a health notice, made once for clients in a row that are sent it with the same `id`. */
export function healthFrame(notice: HealthNotice, id: string | undefined): string {
  const known = healthFrames.get(notice);
  if (known !== undefined && known.id === id) return known.frame;
  const frame = eventFrame('health', jsonOf(notice), id === undefined ? {} : { id });
  healthFrames.set(notice, { id, frame });
  return frame;
}
