/** One law that did not hold. */
export interface Violation {
  /** The invariant, by its name: `INV-14`. The project's `test/invariants.md` lists which tests hold it. */
  readonly law: string;
  /** What was seen. */
  readonly found: string;
}

/** Collects the violations of one simulation, from all its checkers. */
export class Violations {
  #violations: Violation[] = [];

  /** Notes a violation of `law` unless `holds`; `found` is asked only then. */
  expect(law: string, holds: boolean, found: () => string): void {
    if (!holds) this.#violations.push({ law, found: found() });
  }

  /** @returns what was found since the last call. */
  take(): readonly Violation[] {
    if (this.#violations.length === 0) return this.#violations;
    const violations = this.#violations;
    this.#violations = [];
    return violations;
  }
}
