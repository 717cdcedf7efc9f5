import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readWatchList, type WatchList, watchListOf } from './watchList.ts';

const usage = 'Usage: port-watch [--once] (--config <file> | [name=][host:]port …)';

/** Options of the command line. */
export type Order = { readonly list: WatchList; readonly folder: string; readonly once: boolean };

/** Reads the command line; ends the program with one line and code 2 when it cannot be followed. */
export function readCommandLine(): Order {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { config: { type: 'string' }, once: { type: 'boolean', default: false } },
    });
    const { config, once } = values;
    if (config === undefined) return { list: watchListOf(positionals), folder: process.cwd(), once };
    return { list: readWatchList(readFileSync(config, 'utf8')), folder: dirname(resolve(config)), once };
  } catch (cause) {
    console.error(`port-watch: ${cause instanceof Error ? cause.message : String(cause)}. ${usage}`);
    process.exit(2);
  }
}
