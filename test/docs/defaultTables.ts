import type { SourceFile } from '../sourceFiles.ts';

/** Defaults by the name of their constant: `monitorDefaults`. */
export type DefaultsByName = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Where a page's tables of options disagree with the defaults, a line for each.
 *
 * Such a table is headed by the name of the constant, `| `monitorDefaults` | default | … |`, and has an option and its
 * default, as code, in each row. A default in words stands for what has no literal, and is not compared.
 */
export function wrongDefaultRows(page: SourceFile, defaults: DefaultsByName): string[] {
  return rowsOf(page).flatMap(({ constant, option, shown }) => {
    const why = disagreement(option, shown, defaults[constant]);
    return why === undefined ? [] : [`${page.path}: ${constant}.${option} ${why}`];
  });
}

/** The options with a literal default that no table of any page shows, of those constants that have a table at all. */
export function missingDefaultRows(pages: readonly SourceFile[], defaults: DefaultsByName): string[] {
  const rows = pages.flatMap(rowsOf);
  const shown = new Set(rows.map(({ constant, option }) => `${constant}.${option}`));
  return [...new Set(rows.map(({ constant }) => constant))].flatMap((constant) =>
    Object.entries(defaults[constant] ?? {})
      .filter(([, value]) => ['number', 'string', 'boolean'].includes(typeof value))
      .map(([option]) => `${constant}.${option}`)
      .filter((option) => !shown.has(option)),
  );
}

type Row = { readonly constant: string; readonly option: string; readonly shown: string };

function rowsOf({ source }: SourceFile): Row[] {
  const rows: Row[] = [];
  let constant: string | undefined;
  for (const line of source.split('\n')) {
    const [first = '', shown = ''] = cellsOf(line);
    if (!line.startsWith('|')) constant = undefined;
    else if (/^`\w*[dD]efaults`$/.test(first)) constant = first.slice(1, -1);
    else if (constant !== undefined && first.startsWith('`'))
      rows.push({ constant, option: first.slice(1, -1), shown });
  }
  return rows;
}

function disagreement(
  option: string,
  shown: string,
  defaults: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  if (defaults === undefined || !(option in defaults)) return 'is not there';
  if (!/^`.*`$/.test(shown)) return undefined;
  const value = defaults[option];
  const literal = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  const said = shown.slice(1, -1).replaceAll(/(?<=\d)_(?=\d)/g, '');
  return said === literal ? undefined : `says ${said}, and is ${literal}`;
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1)
    .map((cell) => cell.trim());
}
