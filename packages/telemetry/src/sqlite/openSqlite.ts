import { InvalidOptionError } from '@watchkeeper/core';
import { oneOf, optional, text } from '@watchkeeper/core/options';
import type { Archive } from '../archive/archive.ts';
import { openNodeSqlite } from './nodeSqlite.ts';
import { prepareSchema, SqliteArchive } from './sqliteArchive.ts';
import { NoSqliteError, UnreadableArchiveError } from './sqliteErrors.ts';
import { openSqlJs } from './sqlJs.ts';

/** The SQLite libraries that are supported. */
export type SqliteLibrary = 'node:sqlite' | 'sql.js';

const libraryRule = optional(oneOf('node:sqlite', 'sql.js'));

/**
 * Opens an archive in an SQLite file, made when it is missing. One program at a time may keep it.
 *
 * Each write is one transaction: a program that is killed in the middle of it leaves what was written before.
 *
 * @param library which SQLite; unless told, `node:sqlite` where Node has it (22.13 and later), and else the package
 * `sql.js`, which is then to be installed beside this one.
 * @throws `InvalidOptionError` for a path or library that is none.
 * @throws {@link NoSqliteError} when there is no such library.
 * @throws {@link UnreadableArchiveError} when the file is no archive, or one of a later version.
 * @example
 * ```ts
 * import { openSqlite } from '@watchkeeper/telemetry/sqlite';
 *
 * const archive = await openSqlite('watchkeeper.sqlite');
 * console.log(archive.read()?.supervisor.at);
 * ```
 */
export async function openSqlite(path: string, library?: SqliteLibrary): Promise<Archive> {
  if (!text.accepts(path)) throw new InvalidOptionError('sqlite.path', text.is, path);
  if (!libraryRule.accepts(library)) throw new InvalidOptionError('sqlite.library', libraryRule.is, library);
  const database =
    (library === 'sql.js' ? undefined : openNodeSqlite(path)) ??
    (library === 'node:sqlite' ? undefined : await openSqlJs(path));
  if (database === undefined) throw new NoSqliteError();
  try {
    prepareSchema(database, path);
  } catch (cause) {
    database.close();
    throw cause instanceof UnreadableArchiveError ? cause : new UnreadableArchiveError(path, String(cause), cause);
  }
  return new SqliteArchive(database, path);
}
