import { type CloseReason, closeReasonOf, requireCloseReason } from '../model/closeReason.ts';
import { durationMs, requireOption } from '../rules.ts';
import type { Session } from './session.ts';
import type { SessionActor } from './sessionMachine.ts';

/** Public handle of one session actor. */
export class SessionHandle implements Session {
  readonly #actor: SessionActor;
  #closed: Promise<CloseReason> | undefined;

  constructor(actor: SessionActor) {
    this.#actor = actor;
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

  peerGoaway(timeoutMs = 0): void {
    requireOption('session.peerGoaway.timeoutMs', durationMs, timeoutMs);
    this.#actor.send({ type: 'peer.goaway', timeoutMs });
  }

  end(reason: CloseReason = 'peer'): void {
    requireCloseReason('session.end.reason', reason);
    if (this.state !== 'closed') this.#actor.send({ type: 'end', reason });
  }
}
