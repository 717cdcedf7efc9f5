import { parseArgs } from 'node:util';

const usage = 'Usage: npm start --prefix examples/gateway -- [configuration.yaml]';

/** The configuration that the arguments name, or the one beside this program. Ends it with one line for bad ones. */
export function readFileName(usual: string, args: readonly string[] = process.argv.slice(2)): string {
  try {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    if (positionals.length <= 1) return positionals[0] ?? usual;
    return refuse(`One configuration at a time, not ${positionals.length}.`);
  } catch (cause) {
    return refuse(cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause));
  }
}

function refuse(why: string): never {
  console.error(`${why} ${usage}`);
  process.exit(2);
}
