import type { Moment } from './moments.ts';
import type { RenderScheduler } from './renderScheduler.ts';

/** Bounds of the time for which a moment is shown, in milliseconds. */
const shortestMs = 350;
const longestMs = 1_400;

/** Position in the past of the actor; the present, unless a moment is chosen. */
export class Replay {
  readonly #scheduler: RenderScheduler;
  /** Moments of the actor, oldest first; the view of the actor keeps them up to date. */
  moments: readonly Moment[] = [];
  #key: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(scheduler: RenderScheduler) {
    this.#scheduler = scheduler;
  }

  /** The chosen moment, if any; the oldest one where the chosen one is no longer kept. */
  get moment(): Moment | undefined {
    return this.#key === undefined ? undefined : (this.moments.find(({ key }) => key === this.#key) ?? this.moments[0]);
  }

  /** Index of the chosen moment; the last one for the present. */
  get index(): number {
    const { moment } = this;
    return moment === undefined ? this.moments.length - 1 : this.moments.indexOf(moment);
  }

  get plays(): boolean {
    return this.#timer !== undefined;
  }

  /** Shows a moment and stays there. */
  goTo(index: number): void {
    this.pause();
    this.#key = this.moments[Math.min(this.moments.length - 1, Math.max(0, index))]?.key;
    this.#scheduler.request();
  }

  /** Shows the last moment up to `at`. */
  goToTime(at: number): void {
    this.goTo(this.moments.findLastIndex((moment) => moment.at <= at));
  }

  step(by: number): void {
    this.goTo(this.index + by);
  }

  /** Plays from the chosen moment, or from the first, to the last. */
  play(): void {
    if (this.index >= this.moments.length - 1) this.#key = this.moments[0]?.key;
    this.#goOn();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#scheduler.request();
  }

  /** Returns to the present. */
  leave(): void {
    this.pause();
    this.#key = undefined;
  }

  #goOn(): void {
    const { index, moments } = this;
    const [here, next] = [moments[index], moments[index + 1]];
    if (here === undefined || next === undefined) {
      this.pause();
      return;
    }
    const waitMs = Math.min(longestMs, Math.max(shortestMs, next.at - here.at));
    this.#timer = setTimeout(() => {
      this.#key = next.key;
      this.#goOn();
    }, waitMs);
    this.#scheduler.request();
  }
}
