import type { HealthNotice } from '../model/notice.ts';

/** Notices that wait for one client: at most one of each topic, oldest topic first. */
export type Outbox = readonly HealthNotice[];

/** Returns the waiting notice that `notice` would replace: of one topic only the latest is sent. */
export function sameTopic(outbox: Outbox, { topic }: HealthNotice): HealthNotice | undefined {
  return outbox.find((waiting) => waiting.topic === topic);
}

/** Returns the outbox with `notice` in the place of the older one of its topic, or else at the end. */
export function post(outbox: Outbox, notice: HealthNotice): Outbox {
  const index = outbox.findIndex(({ topic }) => topic === notice.topic);
  return index === -1 ? [...outbox, notice] : outbox.with(index, notice);
}

/** Shared by all empty outboxes, which is almost every outbox almost always. */
const empty: Outbox = [];

/** Returns the outbox without its oldest notice. */
export function withoutOldest(outbox: Outbox): Outbox {
  return outbox.length > 1 ? outbox.slice(1) : empty;
}
