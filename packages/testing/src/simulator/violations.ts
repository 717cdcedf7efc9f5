/** One law that did not hold. */
export interface Violation {
  /** The invariant, by its name: `INV-14`. The project's `test/invariants.md` lists which tests hold it. */
  readonly law: string;
  /** What was seen. */
  readonly found: string;
}

/** Collects what was found against the supervisor, from wherever it shows. */
export class Court {
  #violations: Violation[] = [];

  /** Notes a violation of `law` unless `holds`; `found` is asked only then. */
  hold(law: string, holds: boolean, found: () => string): void {
    if (!holds) this.#violations.push({ law, found: found() });
  }

  /** What was found since the last time. */
  take(): readonly Violation[] {
    if (this.#violations.length === 0) return this.#violations;
    const violations = this.#violations;
    this.#violations = [];
    return violations;
  }
}
