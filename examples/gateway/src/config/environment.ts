import type { OptionPath } from './problem.ts';

/** `${NAME}`; with two dollar signs it stands for itself. */
const variable = /(\$?)\$\{(\w+)\}/g;

/** A variable that a configuration names and nobody has set. */
export interface UnsetVariable {
  readonly path: OptionPath;
  readonly name: string;
}

/** Puts the values of environment variables where a configuration says `${NAME}`, so that secrets stand elsewhere. */
export function expand(
  tree: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly value: unknown; readonly unset: readonly UnsetVariable[] } {
  const unset: UnsetVariable[] = [];
  const walk = (value: unknown, path: OptionPath): unknown => {
    if (typeof value === 'string') {
      return value.replace(variable, (written: string, escaped: string, name: string) => {
        if (escaped !== '') return written.slice(1);
        const set = environment[name];
        if (set === undefined) unset.push({ path, name });
        return set ?? '';
      });
    }
    if (Array.isArray(value)) return value.map((member, place) => walk(member, [...path, place]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member, [...path, name])]));
  };
  return { value: walk(tree, []), unset };
}
