export type GoStatus = 'Starting' | 'Active' | 'Error' | 'Reconnecting';

/** The checker of kportal as it was written: a result is stored under its id if that id is registered by then. */
export class GoChecker {
  readonly #statuses = new Map<string, GoStatus>();

  register(id: string): void {
    this.#statuses.set(id, 'Starting');
  }

  unregister(id: string): void {
    this.#statuses.delete(id);
  }

  markReconnecting(id: string): void {
    this.#statuses.set(id, 'Reconnecting');
  }

  async check(id: string, probe: () => Promise<boolean>): Promise<void> {
    const works = await probe();
    if (this.#statuses.has(id)) this.#statuses.set(id, works ? 'Active' : 'Error');
  }

  statusOf(id: string): GoStatus | undefined {
    return this.#statuses.get(id);
  }
}
