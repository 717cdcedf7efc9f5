import { readConfig } from './config/readConfig.ts';
import type { Config } from './config/schema.ts';
import { rehearse } from './routes/rehearse.ts';
import type { Watch } from './routes/watch.ts';

/** A configuration that was found good as a whole. */
export interface CheckedConfig {
  readonly config: Config;
  readonly watches: readonly Watch[];
}

/** The environment variables a configuration may name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads, checks and rehearses a configuration. Nothing outside is touched.
 *
 * @param before the present configuration: what cannot change while the program runs must be the same.
 * @throws `ConfigError` naming what is wrong.
 */
export function checkConfig(
  file: string,
  text: string,
  environment: Environment,
  before?: CheckedConfig,
): CheckedConfig {
  const read = readConfig(file, text, environment);
  const { config } = read;
  for (const [option, now, next] of [
    ['listen.host', before?.config.listen.host, config.listen.host],
    ['listen.port', before?.config.listen.port, config.listen.port],
    ['inspector.port', before?.config.inspector?.port, config.inspector?.port],
  ] as const) {
    if (before !== undefined && now !== next) {
      throw read.refuse(
        option.split('.'),
        `${now ?? 'left out'}, as when the program started; restart it to change this`,
      );
    }
  }
  return { config, watches: rehearse(read) };
}
