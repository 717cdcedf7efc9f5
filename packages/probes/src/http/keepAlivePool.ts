import type { Verdict } from '@watchkeeper/core';
import { Frees } from '../check/disposables.ts';
import type { Attempt } from '../check/runCheck.ts';
import type { Secured } from '../socket/tlsHandshake.ts';
import type { HttpLine } from './http1Connection.ts';

/** A line to a server; none where its certificate is not trusted, as no question may then be sent. */
export type HttpConnection =
  | { readonly line: HttpLine; readonly secured: Secured | undefined }
  | { readonly line: undefined; readonly untrusted: string };

/** Asks over connections that outlive the check that opened them, one check at a time over each. */
export class KeptConnections {
  readonly #connect: (attempt: Attempt) => Promise<HttpConnection>;
  readonly #ask: (attempt: Attempt, connection: HttpConnection) => Promise<Verdict>;
  readonly #idle = new Set<Kept>();

  constructor(
    connect: (attempt: Attempt) => Promise<HttpConnection>,
    ask: (attempt: Attempt, connection: HttpConnection) => Promise<Verdict>,
  ) {
    this.#connect = connect;
    this.#ask = ask;
  }

  async ask(attempt: Attempt): Promise<Verdict> {
    const kept = this.#takeOpen();
    if (kept) {
      try {
        return await this.#askOver(kept, attempt);
      } catch {
        // The server may have closed it just now; only a fresh one tells of the target.
        kept.frees.end();
      }
    }
    return this.#askOver({ frees: new Frees(), connection: undefined }, attempt);
  }

  async #askOver(kept: Kept, attempt: Attempt): Promise<Verdict> {
    attempt.defer(() => this.#idle.has(kept) || kept.frees.end());
    kept.connection ??= await this.#connect(freeingInto(kept.frees, attempt));
    const verdict = await this.#ask(attempt, kept.connection);
    if (kept.connection.line?.open) this.#idle.add(kept);
    return verdict;
  }

  #takeOpen(): Kept | undefined {
    for (const kept of this.#idle) {
      this.#idle.delete(kept);
      if (kept.connection?.line?.open) return kept;
      kept.frees.end();
    }
    return undefined;
  }
}

/** A connection with what it holds open. */
interface Kept {
  readonly frees: Frees;
  connection: HttpConnection | undefined;
}

/** The attempt, but what it opens may outlive it: that is freed with `frees`. */
function freeingInto(frees: Frees, attempt: Attempt): Attempt {
  return {
    signal: attempt.signal,
    stage: (doing, silence) => attempt.stage(doing, silence),
    defer: (free) => frees.defer(free),
    elapsedMs: () => attempt.elapsedMs(),
  };
}
