import { posix } from 'node:path';
import type { SourceFile } from '../sourceFiles.ts';
import { importsOf } from './importsOf.ts';
import { all, type Rooms, roomsOf } from './rooms.ts';

/** An import inside a package that crosses from one room to another. */
type Arrow = { readonly from: string; readonly to: string };

/** Every import of `file` that no arrow of its package's rooms allows, each as one line; imports of types count. */
export function forbiddenArrows(file: SourceFile, packages: Readonly<Record<string, Rooms>> = roomsOf): string[] {
  const place = placeOf(file.path);
  if (place === undefined) return [];
  const rooms = packages[place.name];
  if (rooms === undefined) return [`${file.path}: ${place.name} has no table of rooms`];
  const from = roomOf(place.path, rooms);
  if (from === undefined) return [`${file.path} stands in no room of ${place.name}'s table`];
  return arrowsOf(file, place.name, rooms)
    .filter(({ to }) => rooms[from] !== all && !rooms[from]?.includes(to))
    .map(({ to }) => `${file.path} imports ${to}: no arrow leads there from ${from}`);
}

/** The arrows of a package's table that no import uses. */
export function unusedArrows(name: string, rooms: Rooms, files: readonly SourceFile[]): string[] {
  const used = new Set(files.flatMap((file) => arrowsOf(file, name, rooms)).map(({ from, to }) => `${from} → ${to}`));
  const allowed = Object.entries(rooms).flatMap(([from, targets]) =>
    targets === all ? [] : targets.map((to) => `${from} → ${to}`),
  );
  return allowed.filter((arrow) => !used.has(arrow)).map((arrow) => `${name}: ${arrow}`);
}

/** The arrows of a table that do not lead down to one of its rooms. */
export function risingArrows(rooms: Rooms): string[] {
  const order = Object.keys(rooms);
  return Object.entries(rooms).flatMap(([from, targets], floor) =>
    targets === all ? [] : targets.filter((to) => order.indexOf(to) <= floor).map((to) => `${from} → ${to}`),
  );
}

function arrowsOf(file: SourceFile, name: string, rooms: Rooms): Arrow[] {
  const place = placeOf(file.path);
  const from = place?.name === name ? roomOf(place.path, rooms) : undefined;
  if (from === undefined) return [];
  return importsOf(file.path, file.source).flatMap(({ specifier }) => {
    if (!specifier.startsWith('.')) return [];
    const target = placeOf(posix.join(posix.dirname(file.path), specifier));
    if (target?.name !== name) return [];
    const to = roomOf(target.path, rooms) ?? target.path;
    return to === from ? [] : [{ from, to }];
  });
}

/** The package of a source file, and its path there: relative to `src`, where it does not stand in `web`. */
function placeOf(path: string): { readonly name: string; readonly path: string } | undefined {
  const [, name, inner] = /^packages\/([^/]+)\/((?:src|web\/src)\/.+)$/.exec(path) ?? [];
  return name === undefined || inner === undefined ? undefined : { name, path: inner.replace(/^src\//, '') };
}

/** The room of a file: the file itself, where it is one, or its folder. */
function roomOf(path: string, rooms: Rooms): string | undefined {
  return [path, posix.dirname(path)].find((room) => Object.hasOwn(rooms, room));
}
