/** Bars that are kept for each actor. */
export const barsKept = 60;

/** Time that one bar stands for, in milliseconds. */
export const barMs = 1_000;

/** Bar of a time before the page was opened. */
export const noBar = 255;

/**
 * The worst status of each actor in each of the last sixty seconds, a byte each.
 *
 * A row is written when something changes and read when it is looked at, so a hundred thousand calm actors cost nothing.
 */
export class StatusHistory {
  #bars = new Uint8Array(1_024 * barsKept).fill(noBar);
  /** Number of the bar, counted from the epoch, that was last written for a slot. */
  #lastBar = new Float64Array(1_024);

  clear(): void {
    this.#bars.fill(noBar);
    this.#lastBar.fill(0);
  }

  /** Begins the history of the actor that was added in `slot`. */
  begin(slot: number, status: number, at: number): void {
    this.#makeRoom(slot);
    this.#bars.fill(noBar, slot * barsKept, (slot + 1) * barsKept);
    const bar = Math.floor(at / barMs);
    this.#lastBar[slot] = bar;
    this.#bars[slot * barsKept + (bar % barsKept)] = status;
  }

  /** Notes a change of status: the former one fills the bars up to this one, which keeps the worse of the two. */
  note(slot: number, from: number, to: number, at: number): void {
    this.#fill(slot, from, at);
    const index = slot * barsKept + (Math.floor(at / barMs) % barsKept);
    const present = this.#bars[index] ?? noBar;
    if (to < present) this.#bars[index] = to;
  }

  /** Returns the last `count` bars of a slot, oldest first, each a status number or {@link noBar}. */
  read(slot: number, status: number, at: number, count: number): Uint8Array {
    this.#fill(slot, status, at);
    const last = Math.floor(at / barMs);
    const bars = new Uint8Array(count);
    for (let index = 0; index < count; index += 1) {
      bars[index] = this.#bars[slot * barsKept + ((last - count + 1 + index) % barsKept)] ?? noBar;
    }
    return bars;
  }

  #fill(slot: number, status: number, at: number): void {
    const bar = Math.floor(at / barMs);
    const from = Math.max((this.#lastBar[slot] ?? bar) + 1, bar - barsKept + 1);
    for (let each = from; each <= bar; each += 1) this.#bars[slot * barsKept + (each % barsKept)] = status;
    if (bar > (this.#lastBar[slot] ?? 0)) this.#lastBar[slot] = bar;
  }

  #makeRoom(slot: number): void {
    if (slot < this.#lastBar.length) return;
    const slots = Math.max(slot + 1, this.#lastBar.length * 2);
    const bars = new Uint8Array(slots * barsKept).fill(noBar);
    bars.set(this.#bars);
    const lastBar = new Float64Array(slots);
    lastBar.set(this.#lastBar);
    [this.#bars, this.#lastBar] = [bars, lastBar];
  }
}
