import { InvalidOptionError } from '@watchkeeper/core';
import { readYaml } from './configText.ts';
import { expand } from './environment.ts';
import { ConfigError } from './problem.ts';
import { misfits } from './relations.ts';
import { ruleOf } from './rule.ts';
import { type Config, configSchema } from './schema.ts';

/** A configuration, and how to complain about it. */
export interface ReadConfig {
  readonly config: Config;
  /** Makes an error of what only shows when the configuration is put to use. */
  refuse(path: readonly (string | number)[], rule: string): ConfigError;
}

/**
 * Reads a whole configuration, or nothing of it.
 *
 * @param file names it in errors.
 * @throws {@link ConfigError} naming everything that is wrong, each with its line, option, rule and value.
 */
export function readConfig(
  file: string,
  text: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): ReadConfig {
  const { value: written, problems, problem } = readYaml(text);
  if (problems.length > 0) throw new ConfigError(file, problems);
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw new ConfigError(file, [
      { line: 1, option: '', rule: 'A configuration is a mapping that begins at routes', value: '' },
    ]);
  }
  const { value, unset } = expand(written, environment);
  if (unset.length > 0) {
    const say = (name: string) => `an environment variable that is set (${name} is not)`;
    throw new ConfigError(
      file,
      unset.map(({ path, name }) => problem(path, say(name))),
    );
  }
  const parsed = configSchema.safeParse(value, { error: ruleOf });
  if (!parsed.success) {
    const found = parsed.error.issues.flatMap((issue) => {
      const path = issue.path.map((name) => (typeof name === 'symbol' ? String(name) : name));
      if (issue.code !== 'unrecognized_keys') return [problem(path, issue.message)];
      return issue.keys.map((key) => problem([...path, key], unknownRule(key, issue.message.split(' '))));
    });
    throw new ConfigError(file, found);
  }
  const unfit = misfits(parsed.data);
  if (unfit.length > 0)
    throw new ConfigError(
      file,
      unfit.map(({ path, rule }) => problem(path, rule)),
    );
  return { config: parsed.data, refuse: (path, rule) => new ConfigError(file, [problem(path, rule)]) };
}

/** What an option must be that there is not: left out, or written as the one that is nearest. */
function unknownRule(name: string, known: readonly string[]): string {
  return InvalidOptionError.unknown('', name, known, undefined).rule;
}
