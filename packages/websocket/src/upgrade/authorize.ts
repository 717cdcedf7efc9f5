import type { IncomingMessage } from 'node:http';
import type { Clock } from '@watchkeeper/core';
import type { AllowOrigin, Authenticate, Grant } from './grant.ts';
import { type Refused, refusals } from './refuseUpgrade.ts';

/** The options of a hub by which an upgrade request is authorized. */
export interface AuthorizeOptions {
  readonly allowOrigin: AllowOrigin;
  readonly authenticate: Authenticate;
  readonly peer: (request: IncomingMessage) => string;
  readonly maxHandshakes: number;
  readonly handshakeTimeoutMs: number;
  readonly retryAfterMs: number;
  readonly clock: Clock;
}

/** An upgrade request that is authorized: it may have a slot if there is one. */
export interface Authorized {
  readonly peer: string;
  readonly grant: Grant;
}

/** Outcome of authorizing one upgrade request. */
export type AuthResult = { readonly authorized: Authorized } | { readonly refused: Refused };

/** Checks origin and identity of upgrade requests, before any slot is taken. Never throws, whatever its hooks do. */
export class Authorizer {
  readonly #options: AuthorizeOptions;
  #waiting = 0;

  constructor(options: AuthorizeOptions) {
    this.#options = options;
  }

  /** @returns the result itself, and a promise of it only where `authenticate` returns one. Never rejects. */
  authorize(request: IncomingMessage): AuthResult | Promise<AuthResult> {
    const { allowOrigin, authenticate, maxHandshakes, peer, retryAfterMs } = this.#options;
    if (this.#waiting >= maxHandshakes) return { refused: refusals.capacity(retryAfterMs) };
    const abort = new AbortController();
    try {
      if (!allowOrigin(request.headers.origin, request)) return { refused: refusals.origin() };
      const name = String(peer(request) || 'unknown');
      const granted = authenticate(request, abort.signal);
      return granted instanceof Promise ? this.#wait(granted, name, abort) : resultOf(granted, name);
    } catch (cause) {
      return { refused: refusals.failed(cause) };
    }
  }

  #wait(granted: Promise<Grant | undefined>, peer: string, abort: AbortController): Promise<AuthResult> {
    const { clock, handshakeTimeoutMs, retryAfterMs } = this.#options;
    this.#waiting += 1;
    return new Promise((resolve) => {
      const conclude = (result: AuthResult) => {
        if (abort.signal.aborted) return;
        clock.clearTimeout(timer);
        abort.abort();
        this.#waiting -= 1;
        resolve(result);
      };
      const timer = clock.setTimeout(() => conclude({ refused: refusals.timeout(retryAfterMs) }), handshakeTimeoutMs);
      granted.then(
        (grant) => conclude(resultOf(grant, peer)),
        (cause: unknown) => conclude({ refused: refusals.failed(cause) }),
      );
    });
  }
}

/** @returns the peer of a request; `undefined` where the hook that names it throws, which may be why it was refused. */
export function peerOf(request: IncomingMessage, { peer }: Pick<AuthorizeOptions, 'peer'>): string | undefined {
  try {
    return String(peer(request) || 'unknown');
  } catch {
    return undefined;
  }
}

function resultOf(grant: Grant | undefined, peer: string): AuthResult {
  // Anything but an object is nobody: a hook that forgets to return must not let anybody in.
  return typeof grant === 'object' && grant !== null
    ? { authorized: { peer, grant } }
    : { refused: refusals.unauthorized() };
}
