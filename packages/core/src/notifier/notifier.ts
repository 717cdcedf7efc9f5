import type { CloseReason } from '../model/drainReport.ts';
import { oneOf, requireOption } from '../rules.ts';
import type { NotifierActor } from '../supervisor/children.ts';

/** One client's outbox. */
export interface Notifier {
  readonly key: string;
  readonly state: 'idle' | 'delivering' | 'stalled' | 'parting' | 'closed';
  /** Notices that wait for the client. */
  readonly pending: number;
  /** Resolves once, with the reason, when the notifier has ended. Never rejects. */
  readonly closed: Promise<CloseReason>;
  /** Ends it, by default because the client is gone. What waits is dropped and counted. */
  close(reason?: CloseReason): void;
}

/** The public face of one notifier actor. */
export class NotifierFace implements Notifier {
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
    return snapshot.context.courier.carried === undefined ? 'idle' : 'delivering';
  }

  get pending(): number {
    const { outbox, courier } = this.#actor.getSnapshot().context;
    return outbox.length + (courier.carried === undefined ? 0 : 1);
  }

  get closed(): Promise<CloseReason> {
    this.#closed ??= endOf(this.#actor);
    return this.#closed;
  }

  close(reason: CloseReason = 'peer'): void {
    requireReason('notifier.close.reason', reason);
    this.#actor.send({ type: 'close', reason });
  }
}

const reasonRule = oneOf('peer', 'replaced', 'stalled', 'goaway', 'forced', 'stopped', 'failed');

/** @throws {@link InvalidOptionError} when `reason` is none. */
export function requireReason(option: string, reason: CloseReason): void {
  requireOption(option, reasonRule, reason);
}

/** The reason an actor ended for; `failed` when it died of an error of its own. */
export function endOf(actor: {
  getSnapshot(): { status: string; output: { reason: CloseReason } | undefined };
  subscribe(observer: { complete: () => void; error: () => void }): unknown;
}): Promise<CloseReason> {
  const { status, output } = actor.getSnapshot();
  if (status !== 'active') return Promise.resolve(output?.reason ?? 'failed');
  return new Promise((resolve) => {
    const settle = () => resolve(actor.getSnapshot().output?.reason ?? 'failed');
    actor.subscribe({ complete: settle, error: settle });
  });
}
