import { ProbeRuns } from './probeRuns.ts';

/** How many checks may run at once; 0 is no limit. */
export interface CheckLimits {
  readonly maxChecks: number;
  readonly maxChecksPerHost: number;
}

/** A request for a permit to check. */
export interface CheckRequest {
  /** The monitor that asks; it has one permit, or waits for one, at a time. */
  readonly id: string;
  /** The host that it would check. */
  readonly host: string;
  /** Called once when the permit is granted, perhaps at once. */
  readonly start: () => void;
}

/** Returns a limiter that grants every request at once. */
export const unlimitedChecks = (): CheckLimiter => new CheckLimiter({ maxChecks: 0, maxChecksPerHost: 0 });

/**
 * Limits the checks that run at once, so that slow targets cannot starve fast ones (INV-47): first come, first served
 * among the checks of one host, and hosts in turn. Every call costs the same however many wait.
 */
export class CheckLimiter {
  /** The runs that are under way; one that outlasts its check has no permit any more. */
  readonly runs = new ProbeRuns();
  readonly #limits: CheckLimits;
  /** The host of each permit that is granted and not released, by id. */
  readonly #granted = new Map<string, string>();
  readonly #grantedByHost = new Map<string, number>();
  readonly #hostOfWaiting = new Map<string, string>();
  readonly #waiting = new Map<string, Map<string, CheckRequest>>();
  /** The hosts with a request that waits and room under their own limit, in the order in which they are served. */
  readonly #next = new Set<string>();

  constructor(limits: CheckLimits) {
    this.#limits = limits;
  }

  /** Number of checks that have a permit. */
  get running(): number {
    return this.#granted.size;
  }

  /** Number of checks that wait for one. */
  get queued(): number {
    return this.#hostOfWaiting.size;
  }

  /** Requests a permit; whatever this id had before is released. */
  acquire(request: CheckRequest): void {
    const { id, host } = request;
    this.release(id);
    const queue = this.#waiting.get(host);
    if (queue === undefined) this.#waiting.set(host, new Map([[id, request]]));
    else queue.set(id, request);
    this.#hostOfWaiting.set(id, host);
    if (this.#hasRoom(host)) this.#next.add(host);
    this.#grant();
  }

  /** Releases a permit, or stops waiting for one; does nothing for an id without either. */
  release(id: string): void {
    const waitingFor = this.#hostOfWaiting.get(id);
    if (waitingFor !== undefined) this.#unqueue(id, waitingFor);
    const host = this.#granted.get(id);
    if (host === undefined) return;
    this.#granted.delete(id);
    const left = (this.#grantedByHost.get(host) ?? 0) - 1;
    if (left > 0) this.#grantedByHost.set(host, left);
    else this.#grantedByHost.delete(host);
    if (this.#waiting.has(host)) this.#next.add(host);
    this.#grant();
  }

  #grant(): void {
    const { maxChecks } = this.#limits;
    for (const host of this.#next) {
      if (maxChecks > 0 && this.#granted.size >= maxChecks) return;
      const [request] = this.#waiting.get(host)?.values() ?? [];
      if (request === undefined) continue;
      const { id } = request;
      this.#unqueue(id, host);
      this.#granted.set(id, host);
      this.#grantedByHost.set(host, (this.#grantedByHost.get(host) ?? 0) + 1);
      // To the end of the round; a set visits again what is added while it is walked.
      this.#next.delete(host);
      if (this.#waiting.has(host) && this.#hasRoom(host)) this.#next.add(host);
      request.start();
    }
  }

  #unqueue(id: string, host: string): void {
    this.#hostOfWaiting.delete(id);
    const queue = this.#waiting.get(host);
    queue?.delete(id);
    if (queue?.size !== 0) return;
    this.#waiting.delete(host);
    this.#next.delete(host);
  }

  #hasRoom(host: string): boolean {
    const { maxChecksPerHost } = this.#limits;
    return maxChecksPerHost === 0 || (this.#grantedByHost.get(host) ?? 0) < maxChecksPerHost;
  }
}
