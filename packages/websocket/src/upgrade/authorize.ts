import type { IncomingMessage } from 'node:http';
import type { ResolvedHubOptions } from '../hub/hubOptions.ts';
import type { Grant } from './grant.ts';
import { type Refused, refusedFor } from './refuseUpgrade.ts';

/** A request that may have a slot if there is one. */
export interface Pass {
  readonly peer: string;
  readonly grant: Grant;
}

/** What became of a request at the gate. */
export type Passage = { readonly pass: Pass } | { readonly refused: Refused };

/** Asks where a request comes from and who sends it, before any slot is taken. What it calls may fail, it does not. */
export class Gate {
  readonly #options: ResolvedHubOptions;
  #waiting = 0;

  constructor(options: ResolvedHubOptions) {
    this.#options = options;
  }

  /** Answers at once, unless `authenticate` takes its time. */
  examine(request: IncomingMessage): Passage | Promise<Passage> {
    const { allowOrigin, authenticate, maxHandshakes, peer, retryAfterMs } = this.#options;
    if (this.#waiting >= maxHandshakes) return { refused: refusedFor.capacity(retryAfterMs) };
    const abort = new AbortController();
    try {
      if (!allowOrigin(request.headers.origin, request)) return { refused: refusedFor.origin() };
      const name = String(peer(request) || 'unknown');
      const granted = authenticate(request, abort.signal);
      return granted instanceof Promise ? this.#wait(granted, name, abort) : passageOf(granted, name);
    } catch (cause) {
      return { refused: refusedFor.failed(cause) };
    }
  }

  #wait(granted: Promise<Grant | undefined>, peer: string, abort: AbortController): Promise<Passage> {
    const { clock, handshakeTimeoutMs, retryAfterMs } = this.#options;
    this.#waiting += 1;
    return new Promise((resolve) => {
      const conclude = (passage: Passage) => {
        if (abort.signal.aborted) return;
        clock.clearTimeout(timer);
        abort.abort();
        this.#waiting -= 1;
        resolve(passage);
      };
      const timer = clock.setTimeout(() => conclude({ refused: refusedFor.timeout(retryAfterMs) }), handshakeTimeoutMs);
      granted.then(
        (grant) => conclude(passageOf(grant, peer)),
        (cause: unknown) => conclude({ refused: refusedFor.failed(cause) }),
      );
    });
  }
}

/** Who asks; nobody where what names it fails, as it may have for that that the request was refused. */
export function peerOf(request: IncomingMessage, { peer }: Pick<ResolvedHubOptions, 'peer'>): string | undefined {
  try {
    return String(peer(request) || 'unknown');
  } catch {
    return undefined;
  }
}

function passageOf(grant: Grant | undefined, peer: string): Passage {
  // Anything but an object is nobody: a hook that forgets to answer must not open the door.
  return typeof grant === 'object' && grant !== null
    ? { pass: { peer, grant } }
    : { refused: refusedFor.unauthorized() };
}
