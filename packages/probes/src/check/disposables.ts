/** A stack of callbacks that free resources; each is called once, the last first. */
export class Disposables {
  #pending: (() => void)[] | undefined = [];

  /** Calls `dispose` when the stack is disposed; at once if it has been. */
  defer(dispose: () => void): void {
    if (this.#pending) this.#pending.push(dispose);
    else dispose();
  }

  dispose(): void {
    const due = this.#pending?.reverse() ?? [];
    this.#pending = undefined;
    for (const dispose of due) dispose();
  }

  get disposed(): boolean {
    return this.#pending === undefined;
  }
}
