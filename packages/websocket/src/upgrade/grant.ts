import type { IncomingMessage } from 'node:http';

/** Permissions of a client. Fixed at the handshake for as long as it is connected. */
export interface Grant {
  /**
   * The tenant a client belongs to. It sees only entries of exactly this scope; a client without a scope sees
   * only entries without one.
   */
  readonly scope?: string;
  /** The topics it may read, of health and of entries alike; left out, every topic. */
  readonly topics?: readonly string[];
}

/**
 * Authenticates an upgrade request: returns what is granted, or `undefined` for an unknown client (401). `signal` aborts
 * when the result is no longer waited for. A throw or rejection is answered with 500.
 */
export type Authenticate = (
  request: IncomingMessage,
  signal: AbortSignal,
) => Grant | undefined | Promise<Grant | undefined>;

/** Returns whether pages of this origin may connect. `undefined`: the client named none, so it is no browser. */
export type AllowOrigin = (origin: string | undefined, request: IncomingMessage) => boolean;
