import type { CheckAnswer, HealthChannel, WatchListener } from '../../src/client.ts';

/** A server whose Watches and Checks are answered by hand. */
export class FakeChannel implements HealthChannel {
  readonly watches: WatchListener[] = [];
  cancelled = 0;
  checks = 0;
  isClosed = false;
  answer: CheckAnswer = { status: 'SERVING' };

  check(): Promise<CheckAnswer> {
    this.checks += 1;
    return Promise.resolve(this.answer);
  }

  watch(_service: string, listener: WatchListener): () => void {
    this.watches.push(listener);
    return () => {
      this.cancelled += 1;
    };
  }

  readonly #disconnections = new Set<() => void>();

  onceDisconnected(react: () => void): () => void {
    this.#disconnections.add(react);
    return () => this.#disconnections.delete(react);
  }

  disconnect(): void {
    const reactions = [...this.#disconnections];
    this.#disconnections.clear();
    for (const react of reactions) react();
  }

  close(): void {
    this.isClosed = true;
  }
}
