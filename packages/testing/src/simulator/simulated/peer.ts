import type { CloseReason, Connection, GoawayNotice, Session } from '@watchkeeper/core';
import type { Violations } from '../violations.ts';

/** Behaviour of a simulated peer on goaway and on close. */
export interface PeerBehaviour {
  readonly onGoaway: 'leave' | 'ignore' | 'throw' | 'reject';
  readonly onClose: 'done' | 'wait' | 'hang' | 'throw' | 'reject';
}

/** The part of the world that a peer reads. */
export interface PeerWorld {
  readonly violations: Violations;
  readonly now: () => number;
  /** Timers fire before the promises that they follow. */
  readonly isRushed: () => boolean;
  readonly isLive: () => boolean;
  /** Whether a peer may be closed by force now (INV-30). */
  readonly mayForce: (peer: SimulatedPeer) => boolean;
}

/** One session's connection, which checks the laws of goaway and close at each call. */
export class SimulatedPeer implements Connection {
  readonly name: string | undefined;
  readonly behaviour: PeerBehaviour;
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
  readonly #violations: Violations;
  readonly #now: () => number;
  readonly #isRushed: () => boolean;
  readonly #isLive: () => boolean;
  readonly #mayForce: (peer: SimulatedPeer) => boolean;
  #finish: (() => void) | undefined;

  constructor(name: string | undefined, behaviour: PeerBehaviour, world: PeerWorld) {
    this.name = name;
    this.behaviour = behaviour;
    this.#violations = world.violations;
    this.#now = world.now;
    this.#isRushed = world.isRushed;
    this.#isLive = world.isLive;
    this.#mayForce = world.mayForce;
  }

  goaway(notice: GoawayNotice): void | Promise<void> {
    this.#expect('INV-33', this.#isLive(), 'told to go after the end');
    this.#expect('INV-25', this.notice === undefined, 'told to go twice');
    this.#expect('INV-25', this.closedFor === undefined && !this.over, 'told to go when it was closed');
    this.#expect('INV-32', notice.graceMs > 0, 'told to go with no grace');
    this.notice = notice;
    // In a rush it hears late of what was decided before.
    this.dismissedAt = this.#isRushed() ? notice.at : this.#now();
    if (this.behaviour.onGoaway === 'leave') this.session?.end();
    if (this.behaviour.onGoaway === 'throw') throw new Error('a broken pipe');
    return this.behaviour.onGoaway === 'reject' ? Promise.reject(new Error('a broken pipe')) : undefined;
  }

  close(reason: CloseReason): void | Promise<void> {
    this.#expect('INV-33', this.#isLive(), 'closed after the end');
    this.#expect('INV-3', this.closedFor === undefined, 'closed twice');
    this.#expect('INV-48', !this.over, 'closed after its session had ended');
    if (reason === 'forced') this.#expect('INV-30', this.#mayForce(this), 'forced before its grace was over');
    // Who ends by itself needs no close, but for one that said so and does not.
    if (reason === 'peer') this.#expect('INV-36', this.overdue, 'closed because it said that it goes');
    this.closedFor = reason;
    const { onClose } = this.behaviour;
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

  #expect(law: string, holds: boolean, found: string): void {
    this.#violations.expect(law, holds, () => `session ${this.session?.id} (peer ${this.name}) was ${found}`);
  }
}
