import type { Verdict } from '@watchkeeper/core';
import { Disposables } from '../check/disposables.ts';
import type { Check } from '../check/runCheck.ts';
import type { TlsConnection } from '../socket/tlsHandshake.ts';
import type { Http1Connection } from './http1Connection.ts';

/** A connection to a server; without `http` where the certificate is not trusted, as no request may then be sent. */
export type HttpConnection =
  | { readonly http: Http1Connection; readonly tls: TlsConnection | undefined }
  | { readonly http: undefined; readonly untrusted: string };

/** Runs checks over connections that outlive the check that opened them, one check at a time over each. */
export class KeepAlivePool {
  readonly #connect: (check: Check) => Promise<HttpConnection>;
  readonly #ask: (check: Check, connection: HttpConnection) => Promise<Verdict>;
  readonly #idle = new Set<PooledConnection>();

  constructor(
    connect: (check: Check) => Promise<HttpConnection>,
    ask: (check: Check, connection: HttpConnection) => Promise<Verdict>,
  ) {
    this.#connect = connect;
    this.#ask = ask;
  }

  async run(check: Check): Promise<Verdict> {
    const pooled = this.#takeOpen();
    if (pooled) {
      try {
        return await this.#askOver(pooled, check);
      } catch {
        // The server may have closed it just now; only a fresh one tells of the target.
        pooled.disposables.dispose();
      }
    }
    return this.#askOver({ disposables: new Disposables(), connection: undefined }, check);
  }

  async #askOver(pooled: PooledConnection, check: Check): Promise<Verdict> {
    check.defer(() => this.#idle.has(pooled) || pooled.disposables.dispose());
    pooled.connection ??= await this.#connect(deferringTo(pooled.disposables, check));
    const verdict = await this.#ask(check, pooled.connection);
    if (pooled.connection.http?.open) this.#idle.add(pooled);
    return verdict;
  }

  #takeOpen(): PooledConnection | undefined {
    for (const pooled of this.#idle) {
      this.#idle.delete(pooled);
      if (pooled.connection?.http?.open) return pooled;
      pooled.disposables.dispose();
    }
    return undefined;
  }
}

/** A connection with what it holds open. */
interface PooledConnection {
  readonly disposables: Disposables;
  connection: HttpConnection | undefined;
}

/** Returns the check with another stack of disposables: what it opens may outlive it. */
function deferringTo(disposables: Disposables, check: Check): Check {
  return {
    signal: check.signal,
    phase: (doing, atDeadline) => check.phase(doing, atDeadline),
    defer: (dispose) => disposables.defer(dispose),
    elapsedMs: () => check.elapsedMs(),
  };
}
