import type { DrainedClient, DrainReport } from '../model/drainReport.ts';

/** What {@link DrainedClients} needs. */
export interface DrainedClientsOptions {
  /** Whether somebody listens to events. */
  readonly isObserved: () => boolean;
  readonly publish: (event: { readonly type: 'drain.client'; readonly client: DrainedClient }) => void;
}

/** Whoever did not end in a drain as they should have: some by name, the rest by number, each once. */
export class DrainedClients {
  readonly #options: DrainedClientsOptions;
  readonly #seen = new WeakSet<object>();
  readonly #named: DrainedClient[] = [];
  #unnamed = 0;

  constructor(options: DrainedClientsOptions) {
    this.#options = options;
  }

  /** Adds the client of an actor, which is named while there are less than `maxNamed`. */
  add(actor: object, maxNamed: number, describe: () => DrainedClient): void {
    if (this.#seen.has(actor)) return;
    this.#seen.add(actor);
    const isNamed = this.#named.length < maxNamed;
    const isObserved = this.#options.isObserved();
    if (!isNamed) this.#unnamed += 1;
    if (!isNamed && !isObserved) return;
    const client = describe();
    if (isNamed) this.#named.push(client);
    if (isObserved) this.#options.publish({ type: 'drain.client', client });
  }

  get report(): Pick<DrainReport, 'clients' | 'unnamedClients'> {
    const clients = [...this.#named];
    return this.#unnamed === 0 ? { clients } : { clients, unnamedClients: this.#unnamed };
  }
}
