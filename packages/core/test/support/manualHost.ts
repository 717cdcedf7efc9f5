import { expect } from 'vitest';
import type { WheelHost } from '../../src/index.ts';

/** A host of a timing wheel whose time is moved by hand; `runTo` wakes the wheel as a punctual event loop would. */
export class ManualHost implements WheelHost {
  nowMs: number;
  skewMs = 1_000_000;
  wakes: { atMs: number; wake: () => void }[] = [];
  errors: unknown[] = [];
  wakesAsked = 0;
  /** What a look at the time costs, to model a busy event loop. */
  lookCostMs = 0;

  constructor(nowMs = 0) {
    this.nowMs = nowMs;
  }

  monotonicMs() {
    this.nowMs += this.lookCostMs;
    return this.nowMs;
  }

  wallMs() {
    return this.nowMs + this.skewMs;
  }

  wakeIn(delayMs: number, wake: () => void) {
    expect(delayMs).toBeLessThan(2 ** 31);
    this.wakesAsked++;
    const asked = { atMs: this.nowMs + delayMs, wake };
    this.wakes.push(asked);
    expect(this.wakes).toHaveLength(1);
    return asked;
  }

  cancelWake(handle: unknown) {
    this.wakes = this.wakes.filter((asked) => asked !== handle);
  }

  report(error: unknown) {
    this.errors.push(error);
  }

  /** Wakes the wheel at `atMs`, whatever it asked for. */
  wakeAt(atMs: number) {
    const { wakes } = this;
    this.wakes = [];
    this.nowMs = atMs;
    for (const { wake } of wakes) wake();
  }

  runTo(endMs: number) {
    for (let [first] = this.wakes; first !== undefined && first.atMs <= endMs; [first] = this.wakes) {
      this.wakes = [];
      this.nowMs = Math.max(this.nowMs, first.atMs);
      first.wake();
    }
    this.nowMs = Math.max(this.nowMs, endMs);
  }
}
