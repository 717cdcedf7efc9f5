/**
 * A source of chance that fails once when it is lit. Whichever monitor draws from it next dies of it in the middle of
 * a transition, as of a bug of its own; its supervisor and its siblings live on.
 */
export class Fuse {
  #isLit = false;

  light(): void {
    this.#isLit = true;
  }

  readonly random = (): number => {
    if (!this.#isLit) return Math.random();
    this.#isLit = false;
    throw new Error('crashed on purpose');
  };
}
