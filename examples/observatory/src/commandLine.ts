import { parseArgs } from 'node:util';

const usage = 'Usage: npm start -- [--port <0 to 65535>]';

/** The port that `--port` names, or the inspector's own. Ends the program with one line when it names none. */
export function readPort(args: readonly string[] = process.argv.slice(2)): number {
  const port = wordAfterPort(args);
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return Number(port);
  return refuse(`--port must be a number from 0 to 65535, not ${JSON.stringify(port)}.`);
}

function wordAfterPort(args: readonly string[]): string {
  try {
    return parseArgs({ args: [...args], options: { port: { type: 'string', default: '4600' } } }).values.port;
  } catch (cause) {
    return refuse(cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause));
  }
}

function refuse(why: string): never {
  console.error(`${why} ${usage}`);
  process.exit(2);
}
