import type { SourceFile } from '../sourceFiles.ts';

/** Defaults by the name of their constant: `monitorDefaults`. */
export type DefaultsByName = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Where a page's tables of options disagree with the defaults, a line for each.
 *
 * Such a table is headed by the name of the constant, `| `monitorDefaults` | default | … |`, and has an option and its
 * default, as code, in each row. A default in words stands for what has no literal, and is not compared.
 */
export function wrongDefaultRows({ path, source }: SourceFile, defaults: DefaultsByName): string[] {
  const wrong: string[] = [];
  let heading: string | undefined;
  for (const line of source.split('\n')) {
    const [first = '', second = ''] = cellsOf(line);
    if (!line.startsWith('|')) heading = undefined;
    else if (/^`\w*[dD]efaults`$/.test(first)) heading = first.slice(1, -1);
    else if (heading !== undefined && first.startsWith('`')) {
      const why = disagreement(first.slice(1, -1), second, defaults[heading]);
      if (why !== undefined) wrong.push(`${path}: ${heading}.${first.slice(1, -1)} ${why}`);
    }
  }
  return wrong;
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
