import type { HistorySnapshot } from './historyOptions.ts';
import { Timeline } from './monitorTimeline.ts';

/** The timelines of so many monitors and no more. One that ended stays until its place is needed. */
export class Timelines {
  readonly #limit: number;
  readonly #running = new Map<string, Timeline>();
  readonly #ended = new Map<string, Timeline>();
  readonly #leftOut = new Set<string>();

  constructor(limit: number, resume: HistorySnapshot | undefined, now: number) {
    this.#limit = limit;
    for (const [id, written] of Object.entries(resume?.monitors ?? {}).slice(0, limit)) {
      const timeline = Timeline.read(written, now);
      if (timeline !== undefined) this.#ended.set(id, timeline);
    }
  }

  /** Monitors that run and have no place. */
  get leftOut(): number {
    return this.#leftOut.size;
  }

  /** The timeline of a monitor that runs, made when there is none and there is a place. */
  begin(id: string): Timeline | undefined {
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

  get(id: string): Timeline | undefined {
    return this.#running.get(id) ?? this.#ended.get(id);
  }

  *[Symbol.iterator](): Generator<readonly [id: string, Timeline]> {
    yield* this.#running;
    yield* this.#ended;
  }

  #make(): Timeline | undefined {
    if (this.#running.size + this.#ended.size < this.#limit) return new Timeline();
    const [oldest] = this.#ended.keys();
    if (oldest === undefined) return undefined;
    this.#ended.delete(oldest);
    return new Timeline();
  }
}
