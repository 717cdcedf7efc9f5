import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Fault of a port. `slow` answers late, `down` refuses, `reset` takes connections and throws them away. */
export const troubles = ['none', 'down', 'slow', 'reset'] as const;

export type Trouble = (typeof troubles)[number];

const host = '127.0.0.1';

/** How late a slow port answers, in milliseconds. */
const slowMs = 1_000;

/** A port in front of a server, which can be given real trouble: what comes in goes to the server, or does not. */
export class FaultyPort implements AsyncDisposable {
  readonly #behind: number;
  readonly #server = createServer((near) => this.#take(near));
  readonly #open = new Set<Socket>();
  #port = 0;
  #trouble: Trouble = 'none';

  /** @param behind the port of the server, on this machine. */
  static async before(behind: number): Promise<FaultyPort> {
    const faulty = new FaultyPort(behind);
    faulty.#server.listen(0, host);
    await once(faulty.#server, 'listening');
    faulty.#port = (faulty.#server.address() as AddressInfo).port;
    // From now on another program may take the port while it is down; then it stays down, as real ones do.
    faulty.#server.on('error', () => {});
    return faulty;
  }

  private constructor(behind: number) {
    this.#behind = behind;
  }

  get port(): number {
    return this.#port;
  }

  get trouble(): Trouble {
    return this.#trouble;
  }

  /** Takes effect at once: connections that are open feel it too. */
  set trouble(trouble: Trouble) {
    this.#trouble = trouble;
    for (const socket of this.#open) trouble === 'reset' ? socket.resetAndDestroy() : socket.destroy();
    if (trouble === 'down') this.#server.close();
    else if (!this.#server.listening) this.#server.listen(this.#port, host);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(near: Socket): void {
    this.#keep(near);
    if (this.#trouble === 'reset') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.#behind, host);
    this.#keep(far);
    near.pipe(far);
    if (this.#trouble === 'slow') {
      far.on('data', (piece) => setTimeout(() => near.write(piece), slowMs));
      far.on('end', () => setTimeout(() => near.end(), slowMs));
    } else {
      far.pipe(near);
    }
    near.once('close', () => far.destroy());
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#open.delete(socket));
  }
}
