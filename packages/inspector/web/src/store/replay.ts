import type { Moment } from './moments.ts';
import type { RenderScheduler } from './renderScheduler.ts';

/** A moment is shown for as long as it lasted, within these bounds, in milliseconds. */
const shortestMs = 350;
const longestMs = 1_400;

/** Where in the past of the actor one looks; nowhere means at the present. */
export class Replay {
  readonly #scheduler: RenderScheduler;
  /** What there is to look at, oldest first; whoever shows the actor keeps it up to date. */
  moments: readonly Moment[] = [];
  #key: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(scheduler: RenderScheduler) {
    this.#scheduler = scheduler;
  }

  /** The moment that is looked at; a moment that is no longer kept gives way to the oldest. */
  get moment(): Moment | undefined {
    return this.#key === undefined ? undefined : (this.moments.find(({ key }) => key === this.#key) ?? this.moments[0]);
  }

  /** Its place among the moments; the present stands at the last. */
  get index(): number {
    const { moment } = this;
    return moment === undefined ? this.moments.length - 1 : this.moments.indexOf(moment);
  }

  get plays(): boolean {
    return this.#timer !== undefined;
  }

  /** Looks at a moment and stays there. */
  goTo(index: number): void {
    this.pause();
    this.#key = this.moments[Math.min(this.moments.length - 1, Math.max(0, index))]?.key;
    this.#scheduler.request();
  }

  /** Looks at the last moment up to `at`. */
  goToTime(at: number): void {
    this.goTo(this.moments.findLastIndex((moment) => moment.at <= at));
  }

  step(by: number): void {
    this.goTo(this.index + by);
  }

  /** Goes on from here, or from the beginning, to the last moment. */
  play(): void {
    if (this.index >= this.moments.length - 1) this.#key = this.moments[0]?.key;
    this.#goOn();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#scheduler.request();
  }

  /** Comes back to the present. */
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
