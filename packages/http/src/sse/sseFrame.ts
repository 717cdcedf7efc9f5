import type { Notice } from '@watchkeeper/core';

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

/** The latest frames made for each list, up to a last id: mostly the next client is sent the same. */
const healthFrames = new WeakMap<readonly Notice[], { readonly id: string; readonly frames: Buffer }>();

/**
 * Returns the frames of health notices in one piece, made once for clients in a row that are sent the same list and the
 * same last id. `ids` makes one for each notice.
 */
export function healthFramesOf(notices: readonly Notice[], lastId: string, ids: () => readonly string[]): Buffer {
  const known = healthFrames.get(notices);
  if (known !== undefined && known.id === lastId) return known.frames;
  const each = ids();
  const texts = notices.map((notice, index) => eventFrame('health', jsonOf(notice), { id: each[index] ?? lastId }));
  const frames = Buffer.from(texts.join(''));
  healthFrames.set(notices, { id: lastId, frames });
  return frames;
}
