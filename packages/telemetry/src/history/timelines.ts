import type { HistorySnapshot } from './historyOptions.ts';
import { MonitorTimeline } from './monitorTimeline.ts';

/** Timelines of a limited number of monitors. That of a monitor that ended stays until its place is needed. */
export class Timelines {
  readonly #limit: number;
  readonly #running = new Map<string, MonitorTimeline>();
  readonly #ended = new Map<string, MonitorTimeline>();
  readonly #leftOut = new Set<string>();

  constructor(limit: number, resume: HistorySnapshot | undefined, now: number) {
    this.#limit = limit;
    for (const [id, serialized] of Object.entries(resume?.monitors ?? {}).slice(0, limit)) {
      const timeline = MonitorTimeline.deserialize(serialized, now);
      if (timeline !== undefined) this.#ended.set(id, timeline);
    }
  }

  /** The number of monitors that run and have no timeline. */
  get leftOut(): number {
    return this.#leftOut.size;
  }

  /** Returns the timeline of a monitor that runs, made if it has none; undefined when the limit is reached. */
  begin(id: string): MonitorTimeline | undefined {
    const known = this.#running.get(id);
    if (known !== undefined) return known;
    const timeline = this.#ended.get(id) ?? this.#make();
    if (timeline === undefined) {
      this.#leftOut.add(id);
      return undefined;
    }
    this.#leftOut.delete(id);
    this.#ended.delete(id);
    this.#running.set(id, timeline);
    return timeline;
  }

  end(id: string): void {
    this.#leftOut.delete(id);
    const timeline = this.#running.get(id);
    if (timeline === undefined) return;
    this.#running.delete(id);
    this.#ended.set(id, timeline);
  }

  get(id: string): MonitorTimeline | undefined {
    return this.#running.get(id) ?? this.#ended.get(id);
  }

  *[Symbol.iterator](): Generator<readonly [id: string, MonitorTimeline]> {
    yield* this.#running;
    yield* this.#ended;
  }

  #make(): MonitorTimeline | undefined {
    if (this.#running.size + this.#ended.size < this.#limit) return new MonitorTimeline();
    const [oldest] = this.#ended.keys();
    if (oldest === undefined) return undefined;
    this.#ended.delete(oldest);
    return new MonitorTimeline();
  }
}
