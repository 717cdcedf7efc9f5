import type { Connection, Frame, Reader } from './frame.ts';

/** The first wait after a connection was lost, and the longest, in milliseconds. */
const firstMs = 500;
const longestMs = 8_000;

/** A server that restarts (1012) or is full (1013) is given this long, in milliseconds. */
const restartMs = 2_000;

/**
 * Reads the hub with what every browser has. With a bundler at hand take `createClient` of
 * `@watchkeeper/websocket/client` instead, which also moves to another address when told to.
 */
export class SocketFeed implements Connection {
  readonly #reader: Reader;
  #topics: readonly string[];
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(topics: readonly string[], reader: Reader) {
    this.#topics = topics;
    this.#reader = reader;
    this.#connect();
  }

  subscribe(topics: readonly string[]): void {
    this.#topics = topics;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ type: 'subscribe', topics }));
  }

  close(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
  }

  #connect(): void {
    // In the address already, so that the first frames are the right ones.
    const query = this.#topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join('&');
    const socket = new WebSocket(`ws://${location.host}/socket?${query}`);
    this.#socket = socket;
    this.#reader.state('connecting', 'connecting');
    socket.addEventListener('open', () => {
      this.#failures = 0;
      this.#reader.state('open', 'connected: the present state comes first');
      this.subscribe(this.#topics);
    });
    socket.addEventListener('message', ({ data }) => this.#read(socket, JSON.parse(data)));
    socket.addEventListener('close', ({ code, reason }) => this.#lose(socket, code, reason));
  }

  #read(socket: WebSocket, frame: Frame): void {
    if (socket !== this.#socket) return;
    this.#reader.frame(frame);
    if (frame.type !== 'goaway') return;
    this.#reader.state('leaving', `told to go (${frame.reason}), with ${frame.graceMs} ms to finish`);
    // Clients that all leave at once would also all come back at once.
    setTimeout(() => socket.close(1000), Math.random() * Math.min(1_000, frame.graceMs));
  }

  #lose(socket: WebSocket, code: number, reason: string): void {
    if (socket !== this.#socket) return;
    this.#failures += 1;
    const ceilingMs = Math.min(longestMs, firstMs * 2 ** this.#failures);
    const waitMs = Math.max(code === 1012 || code === 1013 ? restartMs : 0, ceilingMs * (0.5 + Math.random() / 2));
    const why =
      code === 1006 ? 'refused, or nobody there' : `closed with ${code}${reason === '' ? '' : ` (${reason})`}`;
    this.#reader.state('waiting', `${why}; again in ${(waitMs / 1_000).toFixed(1)} s`);
    this.#timer = setTimeout(() => this.#connect(), waitMs);
  }
}
