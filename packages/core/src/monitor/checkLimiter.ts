/** How many checks may be under way at once; 0 is no limit. */
export interface TurnLimits {
  readonly maxChecks: number;
  readonly maxChecksPerHost: number;
}

/** One check that wants to begin. */
export interface TurnRequest {
  /** Who asks; has one turn, or waits for one, at a time. */
  readonly id: string;
  /** Whom it would ask. */
  readonly host: string;
  /** Called once when it may begin, perhaps at once. */
  readonly give: () => void;
}

/** A turnstile that lets everybody through. */
export const openTurnstile = (): Turnstile => new Turnstile({ maxChecks: 0, maxChecksPerHost: 0 });

/**
 * Gives out turns to check, so that slow targets cannot starve fast ones (INV-47): first come, first served among the
 * checks of one host, and one host after the other among hosts. Asking, leaving and giving cost the same however many wait.
 */
export class Turnstile {
  readonly #limits: TurnLimits;
  /** The host of each turn that was given and not returned, by who has it. */
  readonly #given = new Map<string, string>();
  readonly #givenByHost = new Map<string, number>();
  readonly #hostOfWaiting = new Map<string, string>();
  readonly #waiting = new Map<string, Map<string, TurnRequest>>();
  /** The hosts that have somebody waiting and a turn left of their own, the one whose turn it is first. */
  readonly #next = new Set<string>();

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** Checks that have a turn. */
  get underWay(): number {
    return this.#given.size;
  }

  /** Checks that wait for one. */
  get queued(): number {
    return this.#hostOfWaiting.size;
  }

  /** Asks for a turn; whatever the same asker had before is given up. */
  ask(request: TurnRequest): void {
    const { id, host } = request;
    this.leave(id);
    const line = this.#waiting.get(host);
    if (line === undefined) this.#waiting.set(host, new Map([[id, request]]));
    else line.set(id, request);
    this.#hostOfWaiting.set(id, host);
    if (this.#hasRoom(host)) this.#next.add(host);
    this.#giveOut();
  }

  /** Gives back a turn, or gives up waiting for one; without either it does nothing. */
  leave(id: string): void {
    const waitedAt = this.#hostOfWaiting.get(id);
    if (waitedAt !== undefined) this.#unqueue(id, waitedAt);
    const host = this.#given.get(id);
    if (host === undefined) return;
    this.#given.delete(id);
    const left = (this.#givenByHost.get(host) ?? 0) - 1;
    if (left > 0) this.#givenByHost.set(host, left);
    else this.#givenByHost.delete(host);
    if (this.#waiting.has(host)) this.#next.add(host);
    this.#giveOut();
  }

  #giveOut(): void {
    const { maxChecks } = this.#limits;
    for (const host of this.#next) {
      if (maxChecks > 0 && this.#given.size >= maxChecks) return;
      const [request] = this.#waiting.get(host)?.values() ?? [];
      if (request === undefined) continue;
      const { id } = request;
      this.#unqueue(id, host);
      this.#given.set(id, host);
      this.#givenByHost.set(host, (this.#givenByHost.get(host) ?? 0) + 1);
      // To the end of the round; a set visits again what is added while it is walked.
      this.#next.delete(host);
      if (this.#waiting.has(host) && this.#hasRoom(host)) this.#next.add(host);
      request.give();
    }
  }

  #unqueue(id: string, host: string): void {
    this.#hostOfWaiting.delete(id);
    const line = this.#waiting.get(host);
    line?.delete(id);
    if (line?.size !== 0) return;
    this.#waiting.delete(host);
    this.#next.delete(host);
  }

  #hasRoom(host: string): boolean {
    const { maxChecksPerHost } = this.#limits;
    return maxChecksPerHost === 0 || (this.#givenByHost.get(host) ?? 0) < maxChecksPerHost;
  }
}
