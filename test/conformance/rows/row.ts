/** One rule of a standard as data: what goes in, and what must come out. */
export interface Row<TInput, TExpected> {
  /** The rule, as a claim in the present tense. */
  readonly rule: string;
  /** Where it stands: a section of a standard, an RFC, a gRFC. */
  readonly source: string;
  readonly input: TInput;
  readonly expected: TExpected;
  /**
   * By foreign implementation: why it does not agree. A row that says so fails when it does agree. `true` in its place
   * would say nothing.
   */
  readonly differs?: Readonly<Record<string, string>>;
}

/** The rows of one standard, and who is held by them beside us. */
export interface Table<TInput, TExpected> {
  readonly title: string;
  readonly foreign: readonly string[];
  readonly rows: readonly Row<TInput, TExpected>[];
}
