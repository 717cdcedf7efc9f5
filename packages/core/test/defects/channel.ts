/** A channel by Go's rules: a send to a closed one panics, a receive from it gives the zero value at once, for ever. */
export class Channel<T> {
  readonly #zero: T;
  readonly #values: T[] = [];
  readonly #receivers: ((value: T) => void)[] = [];
  #closed = false;

  constructor(zero: T) {
    this.#zero = zero;
  }

  /** How many values wait to be received. */
  get length(): number {
    return this.#values.length;
  }

  send(value: T): void {
    if (this.#closed) throw new Error('panic: send on closed channel');
    const receiver = this.#receivers.shift();
    if (receiver === undefined) this.#values.push(value);
    else receiver(value);
  }

  receive(): Promise<T> {
    const [value] = this.#values.splice(0, 1);
    if (value !== undefined) return Promise.resolve(value);
    if (this.#closed) return Promise.resolve(this.#zero);
    return new Promise((resolve) => this.#receivers.push(resolve));
  }

  close(): void {
    if (this.#closed) throw new Error('panic: close of closed channel');
    this.#closed = true;
    for (const receiver of this.#receivers.splice(0)) receiver(this.#zero);
  }
}
