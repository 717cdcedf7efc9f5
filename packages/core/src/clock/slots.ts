import { createHead, type Timer } from './timer.ts';

const SLOT_BITS = 6;
const SLOTS = 1 << SLOT_BITS;
const SLOT_MASK = SLOTS - 1;
const LEVELS = 5;
/** Ticks the levels reach together: 2^30, so that every slot index comes from the low 32 bits of a tick. */
const SPAN = 1 << (SLOT_BITS * LEVELS);

const NONE: readonly Timer[] = [];

/**
 * Timers by the tick they fall due at: five levels of 64 slots, each level 64 times coarser (Varghese and Lauck's
 * hierarchical wheel).
 *
 * A tick is read as base-64 digits. A timer lies at the level of the highest digit in which its tick differs from the
 * current one, so a slot is reached before any of its timers falls due; it is then redistributed to the levels below.
 * Slots keep arming order, and redistribution finds the lower slots empty, so timers of one tick always stand in arming
 * order.
 */
export class Slots {
  readonly #resolutionMs: number;
  /** A slot's list is made with its first timer: most wheels use only a few slots. */
  readonly #heads: (Timer | undefined)[] = new Array(LEVELS * SLOTS).fill(undefined);
  /** Ticks past the present span; redistributed when the next span begins. */
  readonly #beyond = createHead();
  /** The timers of the current tick in the order to fire; those cancelled since are no longer linked. */
  #ready: readonly Timer[] = NONE;
  #taken = 0;
  #tick = 0;
  #nextTick = Number.POSITIVE_INFINITY;

  constructor(resolutionMs: number) {
    this.#resolutionMs = resolutionMs;
  }

  /** The earliest tick at which a timer may be due; infinite when none is armed. */
  get nextTick(): number {
    return this.#taken < this.#ready.length ? this.#tick : this.#nextTick;
  }

  /** Adds a timer that is not yet due; `nowTick` is the present. */
  arm(timer: Timer, nowTick: number): void {
    // Catching up while no slot begins in between keeps new timers on the finest level that fits.
    if (nowTick > this.#tick && nowTick < this.#nextTick) this.#tick = nowTick;
    const slotTick = this.#place(timer);
    if (slotTick < this.#nextTick) this.#nextTick = slotTick;
  }

  /** Forgets the slots to visit, once every timer has been unlinked. */
  reset(): void {
    this.#ready = NONE;
    this.#nextTick = Number.POSITIVE_INFINITY;
  }

  /** Unlinks and returns the earliest timer due at or before `limitTick`. */
  take(limitTick: number): Timer | undefined {
    for (;;) {
      const timer = this.#takeReady();
      if (timer !== undefined) return timer;
      if (this.#nextTick > limitTick) return undefined;
      this.#enter(this.#nextTick);
    }
  }

  #takeReady(): Timer | undefined {
    while (this.#taken < this.#ready.length) {
      const timer = this.#ready[this.#taken++] as Timer;
      if (!timer.linked) continue;
      timer.unlink();
      return timer;
    }
    this.#ready = NONE;
    return undefined;
  }

  #place(timer: Timer): number {
    const tick = Math.ceil(timer.dueMs / this.#resolutionMs);
    const differing = tick ^ this.#tick;
    if (tick - this.#tick >= SPAN || (differing & -SPAN) !== 0) {
      this.#beyond.append(timer);
      return this.#spanEnd();
    }
    const level = differing === 0 ? 0 : Math.trunc((31 - Math.clz32(differing)) / SLOT_BITS);
    const shift = level * SLOT_BITS;
    const index = slotAt(level, tick >>> shift);
    let head = this.#heads[index];
    if (head === undefined) {
      head = createHead();
      this.#heads[index] = head;
    }
    head.append(timer);
    return tick - (tick & ((1 << shift) - 1));
  }

  /** Makes `tick` the current one: redistributes the slots that begin with it, coarsest first, and readies its timers. */
  #enter(tick: number): void {
    this.#tick = tick;
    if ((tick & (SPAN - 1)) === 0) this.#redistribute(this.#beyond);
    for (let level = LEVELS - 1; level > 0; level--) {
      const shift = level * SLOT_BITS;
      if ((tick & ((1 << shift) - 1)) === 0) this.#redistribute(this.#heads[slotAt(level, tick >>> shift)]);
    }
    this.#makeReady(this.#heads[slotAt(0, tick)]);
    this.#nextTick = this.#findNext();
  }

  #redistribute(head: Timer | undefined): void {
    if (head === undefined) return;
    for (let timer = head.release(); timer !== head; ) {
      const { next } = timer;
      this.#place(timer);
      timer = next;
    }
  }

  /** Orders the timers of one tick by due time; equals keep arming order. They stay linked until they are taken. */
  #makeReady(head: Timer | undefined): void {
    this.#ready = NONE;
    this.#taken = 0;
    if (head === undefined) return;
    const firstMs = (this.#tick - 1) * this.#resolutionMs + 1;
    const byMs: Timer[][] = [];
    for (let timer = head.next; timer !== head; timer = timer.next) {
      const sameMs = byMs[timer.dueMs - firstMs];
      if (sameMs === undefined) byMs[timer.dueMs - firstMs] = [timer];
      else sameMs.push(timer);
    }
    this.#ready = byMs.flat();
  }

  #findNext(): number {
    for (let level = 0; level < LEVELS; level++) {
      const shift = level * SLOT_BITS;
      for (let index = ((this.#tick >>> shift) & SLOT_MASK) + 1; index < SLOTS; index++) {
        if (this.#heads[slotAt(level, index)]?.linked) {
          const blockMask = (1 << (shift + SLOT_BITS)) - 1;
          return this.#tick - (this.#tick & blockMask) + index * (1 << shift);
        }
      }
    }
    return this.#beyond.linked ? this.#spanEnd() : Number.POSITIVE_INFINITY;
  }

  #spanEnd(): number {
    return this.#tick - (this.#tick & (SPAN - 1)) + SPAN;
  }
}

/** Where the slot of a level lies that the last of these base-64 digits names. */
const slotAt = (level: number, digits: number): number => level * SLOTS + (digits & SLOT_MASK);
