import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { root, type SourceFile } from '../sourceFiles.ts';
import { proseOf } from './proseOf.ts';

/** A figure as measurements have them. Limits of ours are in ms, or in bytes and KiB, and are no claims. */
const figure = /\d[\d  .,]*\s?(?:ns|µs|kB|MB|GB|×)(?!\w)/g;

/** `[879 ns](../test/bench/results/broadcast.json "watchkeeper: 100000 clients, ns")`: row and column stand in the title. */
const link = /\[([^\]]*)\]\(([^)\s]+)(?:\s+"([^"]*)")?\)/g;

/** How far a page may be from the latest results: benchmarks differ a little from run to run. */
const tolerance = 0.25;

/** @returns a line for each claim without proof: figures without a link, and links to results that say otherwise. */
export function unprovenFigures(page: SourceFile): string[] {
  const prose = proseOf(page);
  const bare = prose.replaceAll(link, '').match(figure) ?? [];
  const wrong = Array.from(prose.matchAll(link), ([, text = '', target = '', title = '']) => {
    if (!target.includes('test/bench/')) {
      return text.match(figure) === null ? undefined : `${text} links to no benchmark`;
    }
    return target.endsWith('.json') ? disagreement(page, text, target, title) : undefined;
  });
  return [...bare.map((text) => `${text} without a link`), ...wrong.filter((one) => one !== undefined)].map(
    (why) => `${page.path}: ${why}`,
  );
}

function disagreement(page: SourceFile, text: string, target: string, title: string): string | undefined {
  const file = posix.join(posix.dirname(page.path), target);
  const said = Number(/\d[\d  .,]*/.exec(text)?.[0].replaceAll(/[  ,]/g, ''));
  const measured = existsSync(`${root}/${file}`) ? measuredAt(file, title) : undefined;
  if (measured === undefined) return `${target} has no "${title}"`;
  const agrees = Math.abs(said - measured) <= tolerance * measured;
  return agrees ? undefined : `says ${text}, and ${target} says ${measured} for "${title}"`;
}

/** The result that a title of the form `row: column` names; rows may have colons of their own. */
function measuredAt(file: string, title: string): number | undefined {
  const { rows } = JSON.parse(readFileSync(`${root}/${file}`, 'utf8')) as {
    rows: Record<string, Record<string, number>>;
  };
  const row = Object.keys(rows).find((name) => title.startsWith(`${name}: `));
  return row === undefined ? undefined : rows[row]?.[title.slice(row.length + 2)];
}
