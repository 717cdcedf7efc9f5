import { type CloseReason, closeReasonOf, requireCloseReason } from '../model/closeReason.ts';
import type { Notifier } from './notifier.ts';
import type { NotifierActor } from './notifierMachine.ts';

/** Public handle of one notifier actor. */
export class NotifierHandle implements Notifier {
  readonly #actor: NotifierActor;
  #closed: Promise<CloseReason> | undefined;

  constructor(actor: NotifierActor) {
    this.#actor = actor;
  }

  get key(): string {
    return this.#actor.getSnapshot().context.id;
  }

  get state(): Notifier['state'] {
    const snapshot = this.#actor.getSnapshot();
    if (snapshot.status !== 'active' || snapshot.matches('closed')) return 'closed';
    if (snapshot.hasTag('stalled')) return 'stalled';
    if (snapshot.matches('parting')) return 'parting';
    const { inFlight, hasMore } = snapshot.context.delivery;
    return inFlight === undefined && !hasMore ? 'idle' : 'delivering';
  }

  get pending(): number {
    return this.#actor.getSnapshot().context.delivery.pending;
  }

  get hasMore(): boolean {
    return this.#actor.getSnapshot().context.delivery.hasMore;
  }

  get position(): number {
    return this.#actor.getSnapshot().context.delivery.offset;
  }

  get positions(): readonly number[] {
    return this.#actor.getSnapshot().context.delivery.positions;
  }

  get closed(): Promise<CloseReason> {
    this.#closed ??= closeReasonOf(this.#actor);
    return this.#closed;
  }

  close(reason: CloseReason = 'peer'): void {
    requireCloseReason('notifier.close.reason', reason);
    this.#actor.send({ type: 'close', reason });
  }
}
