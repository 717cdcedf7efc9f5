import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import type { SourceFile } from '../sourceFiles.ts';
import { computed, type Import, importsOf } from './importsOf.ts';

/** Imports that the sources of a package may have; tests of a package may use any public entry. */
type Allowed = {
  readonly ours: readonly string[];
  /** Only types may come through these packages' entries, but for the entries in `valuesFrom`. */
  readonly typesOnly?: boolean;
  readonly valuesFrom?: readonly string[];
  /** Third parties; left out where the package's manifest decides. */
  readonly theirs?: readonly string[];
  readonly builtins?: boolean;
};

const coreOnly: Allowed = { ours: ['core'] };

const packages: Readonly<Record<string, Allowed>> = {
  core: { ours: [], theirs: ['xstate', 'rxjs'], builtins: false },
  probes: coreOnly,
  grpc: coreOnly,
  http: coreOnly,
  websocket: coreOnly,
  telemetry: coreOnly,
  nats: coreOnly,
  testing: coreOnly,
  // The inspector looks at a supervisor from outside and runs none of core's code, but for the rules of options, so that
  // every package throws the same InvalidOptionError, and the words of events: those entries bring nothing else with them.
  inspector: { ours: ['core'], typesOnly: true, valuesFrom: ['core/options', 'core/events'] },
};

const scope = '@watchkeeper/';

/** Every import of `file` that points where no arrow is allowed, each as one line. */
export function forbiddenImports(file: SourceFile): string[] {
  const own = roomOf(file.path);
  return importsOf(file.path, file.source).flatMap((found) => {
    const rule = brokenRule(own, file.path, found);
    return rule === undefined ? [] : [`${file.path} imports ${found.specifier}: ${rule}`];
  });
}

type Room = { readonly folder: string; readonly name: string; readonly isSource: boolean; readonly isPackage: boolean };

function roomOf(path: string): Room {
  const [top = '', name = '', inner] = path.split('/');
  const isPackage = top === 'packages';
  return isPackage || top === 'examples'
    ? { folder: `${top}/${name}/`, name, isSource: inner !== 'test', isPackage }
    : { folder: `${top}/`, name: top, isSource: false, isPackage };
}

function brokenRule(own: Room, path: string, { specifier, typesOnly }: Import): string | undefined {
  if (specifier === computed) return own.isSource ? 'a computed target can not be checked' : undefined;
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    return target.startsWith(own.folder) ? undefined : 'it reaches into another room; use its public entry';
  }
  if (specifier.startsWith(scope)) {
    const [target = '', ...entry] = specifier.slice(scope.length).split('/');
    if (target.startsWith('example-')) return 'nobody imports an example';
    if (entry[0] === 'src' || entry[0] === 'dist') return 'it reaches past the public entry';
    return own.isPackage && own.isSource ? brokenArrow(own, target, entry, typesOnly) : undefined;
  }
  const allowed = own.isPackage && own.isSource ? packages[own.name] : undefined;
  const [third = ''] = specifier.split('/');
  if (specifier.startsWith('node:') || builtinModules.includes(third)) {
    return allowed?.builtins === false ? `${own.name} runs anywhere, without what Node builds in` : undefined;
  }
  return allowed?.theirs?.includes(third) === false ? `${own.name} has no such dependency` : undefined;
}

function brokenArrow(own: Room, target: string, entry: string[], typesOnly: boolean): string | undefined {
  const allowed = packages[own.name];
  if (allowed === undefined) return `${own.name} has no arrows yet: say in this test what it may import`;
  if (!allowed.ours.includes(target)) return `no arrow leads from ${own.name} to ${target}`;
  if (allowed.valuesFrom?.includes([target, ...entry].join('/'))) return undefined;
  if (allowed.typesOnly && (!typesOnly || entry.length > 0)) return `${own.name} takes types of ${target}'s entry only`;
  return undefined;
}
