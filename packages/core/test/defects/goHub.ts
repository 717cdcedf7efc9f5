import { Channel } from './channel.ts';

/**
 * The WebSocket hub as it was written. The reader of a client closes the client's queue when the connection ends, so
 * that an idle writer wakes; the loop, which sends to the queues, hears of it only when the writer unregisters.
 */
export class GoHub {
  readonly #clients = new Set<Channel<string>>();

  connect(): Channel<string> {
    const queue = new Channel('');
    this.#clients.add(queue);
    return queue;
  }

  /** What the reader does on any read error. */
  readerEnds(queue: Channel<string>): void {
    queue.close();
  }

  /** What the loop does when it gets to the writer's message. */
  unregister(queue: Channel<string>): void {
    this.#clients.delete(queue);
  }

  broadcast(text: string): void {
    for (const queue of this.#clients) queue.send(text);
  }
}
