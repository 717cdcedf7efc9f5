import type { CloseReason, Connection, GoawayNotice, Session } from '@watchkeeper/core';
import type { Court } from '../violations.ts';

/** What a simulated peer does when it is told to go, and what closing its connection does. */
export interface PeerManners {
  readonly onGoaway: 'leave' | 'ignore' | 'throw' | 'reject';
  readonly onClose: 'done' | 'wait' | 'hang' | 'throw' | 'reject';
}

/** What a peer needs of the world it lives in. */
export interface PeerWorld {
  readonly court: Court;
  readonly now: () => number;
  /** Timers fire before the promises that they follow. */
  readonly hurries: () => boolean;
  readonly allowed: () => boolean;
  /** Whether a peer may be closed by force now (INV-30). */
  readonly mayForce: (peer: SimulatedPeer) => boolean;
}

/** One session's connection: it holds the session to the laws of leave-taking, call by call. */
export class SimulatedPeer implements Connection {
  readonly name: string | undefined;
  readonly manners: PeerManners;
  session: Session | undefined;
  /** The end of the session was an event. */
  over = false;
  /** When it was told to go, on the supervisor's clock; and what it was told. */
  dismissedAt: number | undefined;
  notice: GoawayNotice | undefined;
  closedFor: CloseReason | undefined;
  /** It may be closed because it said that it goes, and has not. */
  overdue = false;
  /** Active time at which its close began to count. */
  closingSince: number | undefined;
  readonly #court: Court;
  readonly #now: () => number;
  readonly #hurries: () => boolean;
  readonly #allowed: () => boolean;
  readonly #mayForce: (peer: SimulatedPeer) => boolean;
  #finish: (() => void) | undefined;

  constructor(name: string | undefined, manners: PeerManners, world: PeerWorld) {
    this.name = name;
    this.manners = manners;
    this.#court = world.court;
    this.#now = world.now;
    this.#hurries = world.hurries;
    this.#allowed = world.allowed;
    this.#mayForce = world.mayForce;
  }

  goaway(notice: GoawayNotice): void | Promise<void> {
    this.#hold('INV-33', this.#allowed(), 'told to go after the end');
    this.#hold('INV-25', this.notice === undefined, 'told to go twice');
    this.#hold('INV-25', this.closedFor === undefined && !this.over, 'told to go when it was closed');
    this.#hold('INV-32', notice.graceMs > 0, 'told to go with no grace');
    this.notice = notice;
    // In a rush it hears late of what was decided before.
    this.dismissedAt = this.#hurries() ? notice.at : this.#now();
    if (this.manners.onGoaway === 'leave') this.session?.end();
    if (this.manners.onGoaway === 'throw') throw new Error('a broken pipe');
    return this.manners.onGoaway === 'reject' ? Promise.reject(new Error('a broken pipe')) : undefined;
  }

  close(reason: CloseReason): void | Promise<void> {
    this.#hold('INV-33', this.#allowed(), 'closed after the end');
    this.#hold('INV-3', this.closedFor === undefined, 'closed twice');
    this.#hold('INV-48', !this.over, 'closed after its session had ended');
    if (reason === 'forced') this.#hold('INV-30', this.#mayForce(this), 'forced before its grace was over');
    // Who ends by itself needs no close, but for one that said so and does not.
    if (reason === 'peer') this.#hold('INV-36', this.overdue, 'closed because it said that it goes');
    this.closedFor = reason;
    const { onClose } = this.manners;
    if (onClose === 'throw') throw new Error('cannot be closed');
    if (onClose === 'reject') return Promise.reject(new Error('cannot be closed'));
    if (onClose === 'done') return;
    return new Promise((resolve) => {
      this.#finish = onClose === 'wait' ? resolve : undefined;
    });
  }

  /** Lets a close that waits come to its end. */
  finish(): void {
    this.#finish?.();
  }

  #hold(law: string, holds: boolean, found: string): void {
    this.#court.hold(law, holds, () => `session ${this.session?.id} (peer ${this.name}) was ${found}`);
  }
}
