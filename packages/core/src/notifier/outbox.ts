import type { HealthNotice } from '../model/notice.ts';

/** What waits for one client: at most one notice of each topic, oldest topic first. */
export type Outbox = readonly HealthNotice[];

/** The waiting notice that `notice` would replace: of one topic only the latest is worth telling. */
export function sameTopic(outbox: Outbox, { topic }: HealthNotice): HealthNotice | undefined {
  return outbox.find((waiting) => waiting.topic === topic);
}

/** The outbox with `notice` in the place of the older one of its topic, or else at the end. */
export function post(outbox: Outbox, notice: HealthNotice): Outbox {
  const index = outbox.findIndex(({ topic }) => topic === notice.topic);
  return index === -1 ? [...outbox, notice] : outbox.with(index, notice);
}

/** Shared by all whose outbox is empty, which is almost everybody almost always. */
const empty: Outbox = [];

/** The outbox after its oldest notice was taken. */
export function withoutOldest(outbox: Outbox): Outbox {
  return outbox.length > 1 ? outbox.slice(1) : empty;
}
