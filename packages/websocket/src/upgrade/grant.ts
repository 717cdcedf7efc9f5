import type { IncomingMessage } from 'node:http';

/** What a client may see. Fixed at the handshake for as long as it is connected. */
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
 * Says who asks for an upgrade: what is granted, or `undefined` for nobody we know (401). `signal` aborts when
 * the answer is no longer waited for. A throw or rejection is answered with 500.
 */
export type Authenticate = (
  request: IncomingMessage,
  signal: AbortSignal,
) => Grant | undefined | Promise<Grant | undefined>;

/** Whether pages of this origin may connect. `undefined`: the client named none, so it is no browser. */
export type AllowOrigin = (origin: string | undefined, request: IncomingMessage) => boolean;
