import type { Health, Monitor, Probe, ResolvedMonitorOptions, Verdict } from '@watchkeeper/core';
import type { Violations } from '../violations.ts';

/** Answer of a simulated target; `late` comes even after an abort, `overdue` is a failure by time alone. */
export type Answer = 'pass' | 'warn' | 'fail' | 'overdue' | 'throw' | 'nonsense' | 'hang' | 'slow' | 'late';

/** One question under way, or the last one. */
interface Check {
  readonly serial: number;
  readonly signal: AbortSignal;
  /** Active time at the end of the step in which it was asked. */
  askedMs: number | undefined;
  settled: boolean;
  /** A newer command, or the next check, made its verdict void. */
  superseded: boolean;
}

/** The part of the world that a target reads. */
export interface TargetWorld {
  readonly violations: Violations;
  readonly isLive: () => boolean;
  /** Calls back on the virtual clock; forgotten with `cancel`. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

/** One watched target, which checks the laws of probing at each call. */
export class SimulatedTarget {
  readonly id: string;
  readonly probe: Probe;
  answer: Answer = 'pass';
  latencyMs = 0;
  options: ResolvedMonitorOptions;
  monitor: Monitor | undefined;
  over = false;
  paused = false;
  /** A check of it may have timed out before its probe was asked. */
  rushed = false;
  check: Check | undefined;
  /** Checks whose verdict no event has told of, by serial: in a crowd events come late. */
  readonly unjudged = new Map<number, Check>();
  asked = 0;
  /** Runs of its probe that have not settled, heard or not. */
  underWay = 0;
  /** `asked` when the laws last looked. */
  lastAsked = 0;
  /** Active time since which a next check is due. */
  idleSinceMs: number | undefined;
  /** Health by the latest event. */
  health: Health | undefined;
  /** What the latest event of its pause said that counts for it. */
  assumed: Health | undefined;
  changes = 0;
  failures = 0;
  alerting = false;
  /** It was told to end. */
  leaving = false;
  /** Root cause by the latest event. */
  rootCause: string | undefined;
  /** It crashed and waits to be started again. */
  crashed = false;
  readonly #world: TargetWorld;
  #hung: (() => void) | undefined;

  constructor(id: string, options: ResolvedMonitorOptions, world: TargetWorld) {
    this.id = id;
    this.options = options;
    this.#world = world;
    const probe = (signal: AbortSignal) => this.#ask(signal);
    this.probe = Object.defineProperty(probe, 'name', { value: `target ${id}` });
  }

  /** A check is under way and may still be heard. */
  get running(): boolean {
    return this.check !== undefined && !this.check.settled && !this.check.signal.aborted;
  }

  /** Says that a verdict of the check under way would be void from now on. */
  supersede(): void {
    if (this.check === undefined || this.check.settled) return;
    this.check.superseded = true;
    this.unjudged.delete(this.check.serial);
  }

  /** Enters a verdict that an event told of; returns whether it is one of a check that counts, told for the first time. */
  judge(serial: number): boolean {
    const known = this.unjudged.has(serial);
    // One that a newer one follows is never judged: it broke, or timed out.
    for (const earlier of this.unjudged.keys()) if (earlier <= serial) this.unjudged.delete(earlier);
    return known;
  }

  /** Lets a check that hangs come to its end. */
  release(): void {
    this.#hung?.();
  }

  async #ask(signal: AbortSignal): Promise<Verdict> {
    const { violations, isLive } = this.#world;
    this.asked += 1;
    violations.expect('INV-33', isLive(), () => `${this.id} was asked after the end`);
    violations.expect('INV-48', !this.over, () => `${this.id} was asked after its monitor had ended`);
    violations.expect('INV-46', this.underWay === 0, () => `${this.id} was asked twice at once`);
    this.underWay += 1;
    const check: Check = { serial: this.asked, signal, askedMs: undefined, settled: false, superseded: false };
    this.supersede();
    this.check = check;
    this.unjudged.set(check.serial, check);
    try {
      return await this.#verdict(check);
    } finally {
      check.settled = true;
      this.underWay -= 1;
    }
  }

  async #verdict({ serial, signal }: Check): Promise<Verdict> {
    const { answer } = this;
    const measured = { serial };
    if (answer === 'slow') await this.#wait(signal, true);
    if (answer === 'late') await this.#wait(signal, false);
    if (answer === 'throw') throw new Error('a broken check');
    if (answer === 'nonsense') return 'fine' as never;
    if (answer === 'hang') {
      await new Promise<void>((resolve, reject) => {
        this.#hung = resolve;
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    }
    if (answer === 'overdue') return { status: 'fail', byTime: true, measured };
    const status = answer === 'fail' || answer === 'warn' ? answer : 'pass';
    return { status, measured };
  }

  #wait(signal: AbortSignal, heedsAbort: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#world.after(this.latencyMs, resolve);
      if (!heedsAbort) return;
      signal.addEventListener('abort', () => {
        cancel();
        reject(signal.reason);
      });
    });
  }
}
