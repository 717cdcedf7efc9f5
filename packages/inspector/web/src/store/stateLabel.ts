import type { StateEntry } from '../../../src/protocol/serverMessage.ts';

type StateValue = StateEntry[1];

/** Returns the paths of every active state, outermost first: `watching`, `watching.health`, `watching.health.healthy`. */
export function activePaths(value: StateValue, prefix = ''): string[] {
  if (typeof value === 'string') return [prefix + value];
  return Object.entries(value).flatMap(([name, inner]) => [
    prefix + name,
    ...(inner === undefined ? [] : activePaths(inner, `${prefix}${name}.`)),
  ]);
}

/** Returns the label of a state value: names of active states from the outside in, of a parallel state its regions alone. */
export function stateLabel(value: StateValue, first: string, most: number): string {
  const words = labelsOf(value).filter((word) => word !== 'quiet');
  const leading = words.includes(first) ? [first] : [];
  return [...leading, ...words.filter((word) => word !== first)].slice(0, most).join(' · ');
}

function labelsOf(value: StateValue): string[] {
  if (typeof value === 'string') return [value];
  const names = Object.keys(value);
  const [only = ''] = names;
  if (names.length === 1) {
    const inner = value[only];
    if (inner === undefined) return [only];
    return typeof inner === 'object' && Object.keys(inner).length > 1 ? labelsOf(inner) : [only, ...labelsOf(inner)];
  }
  return names.flatMap((name) => {
    const inner = value[name];
    return inner === undefined ? [] : labelsOf(inner);
  });
}
