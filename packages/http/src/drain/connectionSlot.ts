import type { Connection, ConnectionAgeOptions, Refusal, Session, Supervisor } from '@watchkeeper/core';
import type { RefusalNoter } from '../guardListener.ts';
import type { ServerConnection } from './serverConnection.ts';

/** What the slots of a server's connections share. */
export interface SlotOwner {
  readonly keeper: Pick<Supervisor, 'reserve'> & RefusalNoter;
  /** How old connections may become, where it is another age than the supervisor's. */
  readonly age: ConnectionAgeOptions;
  readonly isHealthCheck: (path: string) => boolean;
  /** The connections without a session. */
  readonly unsupervised: Set<ConnectionSlot>;
  /** Counts a connection of which health was asked before anything else. */
  readonly countHealthCheck: () => void;
}

/**
 * The slot of one connection: taken when it comes, or, in the notice of a drain, with its first request that is no
 * health check, so that whoever asks for health only counts for no straggler.
 */
export class ConnectionSlot {
  readonly connection: ServerConnection;
  readonly #owner: SlotOwner;
  readonly #peer: string | undefined;
  #session: Session | undefined;
  #refusal: Refusal | undefined;
  #asksForHealth = false;

  constructor(owner: SlotOwner, connection: ServerConnection, peer: string | undefined) {
    this.connection = connection;
    this.#owner = owner;
    this.#peer = peer;
    owner.unsupervised.add(this);
    void connection.closed.then(() => {
      owner.unsupervised.delete(this);
      this.#session?.end('peer');
    });
  }

  /** Session of the connection, once it has a slot. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** Takes a slot, also while the supervisor drains; without one the connection serves one request. */
  take(): void {
    if (this.#session !== undefined || this.#refusal !== undefined) return;
    const slot = this.#owner.keeper.reserve(this.#peer, { whileDraining: true, ...this.#owner.age });
    if (slot.reserved) {
      this.#session = slot.open(this.connection);
      this.#owner.unsupervised.delete(this);
    } else {
      this.#refusal = slot;
      this.connection.serveOnce();
    }
  }

  /**
   * Makes a response part of this connection.
   *
   * @returns why it has no slot, `undefined` when it has.
   */
  supervise(response: Connection, over: Promise<void>): Refusal | undefined {
    this.take();
    if (this.#session !== undefined) this.connection.supervise(response, over);
    return this.#refusal;
  }

  /** Tells a connection without a slot to go. One that has asked for nothing yet may still ask for more than health. */
  leave(): void {
    if (!this.#asksForHealth) this.take();
    if (this.#session === undefined) this.connection.leave();
  }

  /** @returns why a request for `path` is not served, `undefined` when it is. */
  admit(path: string): Refusal | undefined {
    if (this.#session !== undefined) return undefined;
    if (this.#owner.isHealthCheck(path)) {
      if (!this.#asksForHealth && this.#refusal === undefined) this.#owner.countHealthCheck();
      this.#asksForHealth = true;
      return undefined;
    }
    this.take();
    return this.#refusal;
  }
}
