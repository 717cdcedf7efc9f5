import type { Deliver, HealthNotice, Notice, Notifier } from '@watchkeeper/core';
import type { Violations } from '../violations.ts';

/** Behaviour of a simulated client on a delivery. */
export type Behaviour = 'take' | 'hold' | 'fail';

/** One client's end of a notifier, which checks the laws of delivery at each call. */
export class SimulatedClient {
  readonly key: string;
  readonly topics: readonly string[] | undefined;
  readonly deliver: Deliver;
  behaviour: Behaviour;
  /** The session that stands for the same client. */
  session: string | undefined;
  /** Set once by whoever registers the client. */
  notifier: Notifier | undefined;
  /** The end of the notifier was an event. */
  over = false;
  /** It was told to go, or is about to be: nothing that comes later concerns it. */
  dismissed = false;
  /** How many notices the supervisor accepted for it, and what became of them. */
  readonly account = { accepted: 0, taken: 0, coalesced: 0, dropped: 0 };
  readonly latest = new Map<string, number>();
  /** Active time since which it has held a delivery, at least. */
  heldSinceMs: number | undefined;
  /** Notices that were accepted for it, and those it was handed, since it came. */
  changes = 0;
  reads = 0;
  /** Since when something is new of a topic, in changes and in reads. */
  readonly waits = new Map<string, { readonly changes: number; readonly reads: number }>();
  readonly #violations: Violations;
  readonly #isLive: () => boolean;
  #inFlight: Notice | undefined;
  #sawGoaway = false;
  #release: (() => void) | undefined;
  #watched = false;

  constructor(
    key: string,
    behaviour: Behaviour,
    topics: readonly string[] | undefined,
    ignoresSignal: boolean,
    violations: Violations,
    isLive: () => boolean,
  ) {
    this.key = key;
    this.behaviour = behaviour;
    this.topics = topics;
    this.#violations = violations;
    this.#isLive = isLive;
    this.deliver = ignoresSignal ? (notice) => this.#take(notice) : (notice, signal) => this.#take(notice, signal);
  }

  /** Whether the goaway was handed over. */
  get sawGoaway(): boolean {
    return this.#sawGoaway;
  }

  get holds(): boolean {
    return this.#release !== undefined;
  }

  /** Whether it is told of `topic`. */
  follows(topic: string): boolean {
    return this.topics === undefined || this.topics.includes(topic);
  }

  /** Takes what it holds, if anything. */
  release(): void {
    this.#release?.();
  }

  /** Takes note that there is something new of a topic. It may have been told already: events come on a lane of their own. */
  noteChange({ topic, seq }: HealthNotice): void {
    this.changes += 1;
    if (this.waits.has(topic) || (this.latest.get(topic) ?? -1) >= seq) return;
    this.waits.set(topic, { changes: this.changes, reads: this.reads });
  }

  #take(notice: Notice, signal?: AbortSignal): void | Promise<void> {
    this.#check(notice);
    this.#inFlight = notice;
    if (this.behaviour === 'fail') {
      this.#inFlight = undefined;
      throw new Error('a broken client');
    }
    if (this.behaviour === 'take') return this.#acknowledge();
    return new Promise((resolve) => {
      this.heldSinceMs = undefined;
      this.#release = () => {
        this.#release = undefined;
        if (!this.over) this.#acknowledge();
        resolve();
      };
      // A notifier has one signal for all deliveries.
      if (!this.#watched) signal?.addEventListener('abort', () => this.#giveUp());
      this.#watched = true;
    });
  }

  #check(notice: Notice): void {
    const violations = this.#violations;
    const told = () => `client ${this.key} was told ${describe(notice)}`;
    violations.expect('INV-33', this.#isLive(), () => `${told()} after the end`);
    violations.expect('INV-7', !this.over, () => `${told()} after its notifier had ended`);
    violations.expect('INV-9', this.#inFlight === undefined, () => `${told()} while a delivery was under way`);
    violations.expect('INV-5', !this.#sawGoaway, () => `${told()} after the goaway`);
    if (notice.type === 'goaway') {
      this.#sawGoaway = true;
      return;
    }
    violations.expect('INV-5', !this.dismissed, () => `${told()} when it was to be told to go`);
    const last = this.latest.get(notice.topic) ?? -1;
    violations.expect('INV-4', notice.seq > last, () => `${told()} after seq ${last}`);
    violations.expect(
      'INV-8',
      notice.topic === '' || this.follows(notice.topic),
      () => `${told()}, a topic it did not choose`,
    );
    this.latest.set(notice.topic, notice.seq);
    this.reads += 1;
    this.waits.delete(notice.topic);
  }

  #giveUp(): void {
    this.#release = undefined;
  }

  #acknowledge(): void {
    this.#inFlight = undefined;
    this.account.taken += 1;
  }
}

/** A notice in one line. */
export function describe(notice: Notice): string {
  return notice.type === 'goaway' ? 'to go' : `${notice.topic}=${notice.health} #${notice.seq}`;
}
