/** The way to an option in the configuration, from the top. */
export type OptionPath = readonly (string | number)[];

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** Counts from 1. */
  readonly line: number;
  readonly option: string;
  /** What the value must be. */
  readonly rule: string;
  /** The value as it stands in the file, without secrets. */
  readonly value: string;
}

/** A configuration was refused as a whole. Correct what `problems` name. */
export class ConfigError extends Error {
  readonly code = 'INVALID_CONFIG';
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => `${file}:${problem.line}: ${sayProblem(problem)}`).join('\n'));
    this.problems = problems;
  }
}

function sayProblem({ option, rule, value }: ConfigProblem): string {
  return option === '' ? rule : `\`${option}\` must be ${rule}, not ${value}`;
}
