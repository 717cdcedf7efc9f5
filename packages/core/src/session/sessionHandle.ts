import { type CloseReason, closeReasonOf, requireCloseReason } from '../model/closeReason.ts';
import { durationMs, requireOption, texts } from '../rules.ts';
import type { Refusal, Session } from './session.ts';
import type { SessionActor } from './sessionMachine.ts';

/** The part of the supervisor that a session's handle calls. */
export interface SessionOwner {
  /** Replaces the topics of a session that has not ended, each named once. */
  follow(actor: SessionActor, topics: readonly string[]): Refusal | undefined;
}

/** Public handle of one session actor. */
export class SessionHandle implements Session {
  readonly #actor: SessionActor;
  readonly #owner: SessionOwner;
  #closed: Promise<CloseReason> | undefined;

  constructor(actor: SessionActor, owner: SessionOwner) {
    this.#actor = actor;
    this.#owner = owner;
  }

  get id(): string {
    return this.#actor.getSnapshot().context.id;
  }

  get state(): Session['state'] {
    const snapshot = this.#actor.getSnapshot();
    return snapshot.status === 'active' ? snapshot.value : 'closed';
  }

  get peerLeaving(): boolean {
    return this.#actor.getSnapshot().context.peerLeaving;
  }

  get closed(): Promise<CloseReason> {
    this.#closed ??= closeReasonOf(this.#actor);
    return this.#closed;
  }

  get takesWork(): boolean {
    return this.state === 'open' && !this.peerLeaving;
  }

  follow(topics: readonly string[]): Refusal | undefined {
    requireOption('session.follow.topics', texts, topics);
    return this.state === 'closed' ? undefined : this.#owner.follow(this.#actor, [...new Set(topics)]);
  }

  peerGoaway(timeoutMs = 0): void {
    requireOption('session.peerGoaway.timeoutMs', durationMs, timeoutMs);
    this.#actor.send({ type: 'peer.goaway', timeoutMs });
  }

  end(reason: CloseReason = 'peer'): void {
    requireCloseReason('session.end.reason', reason);
    if (this.state !== 'closed') this.#actor.send({ type: 'end', reason });
  }
}
