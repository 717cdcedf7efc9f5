import { InvalidOptionError, type KeeperSnapshot, type MonitorMemory, oneOf, optional, text } from '@watchkeeper/core';
import type { Archive, Saved } from './archive.ts';
import type { HistorySnapshot } from './historyOptions.ts';
import { openNodeSqlite } from './nodeSqlite.ts';
import type { SqlDatabase, SqlValue } from './sqlDatabase.ts';
import { NoSqliteError, UnreadableArchiveError } from './sqliteErrors.ts';
import { openSqlJs } from './sqlJs.ts';

/** Which SQLite is used. */
export type SqliteLibrary = 'node:sqlite' | 'sql.js';

const libraryRule = optional(oneOf('node:sqlite', 'sql.js'));

const schemaVersion = 1;

const schema = `
  create table if not exists snapshot (part text primary key, at real not null) strict;
  create table if not exists memory (monitor text primary key, memory text not null) strict;
  create table if not exists history (monitor text primary key, slots blob not null) strict;
  pragma user_version = ${schemaVersion};
`;

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
 * console.log(archive.read()?.keeper.at);
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
    prepare(database, path);
  } catch (cause) {
    database.close();
    throw cause instanceof UnreadableArchiveError ? cause : new UnreadableArchiveError(path, String(cause), cause);
  }
  return new SqliteArchive(database, path);
}

function prepare(database: SqlDatabase, path: string): void {
  const version = database.all('pragma user_version')[0]?.['user_version'];
  if (Number(version) > schemaVersion) throw new UnreadableArchiveError(path, `it is of version ${version}`);
  database.exec(schema);
}

class SqliteArchive implements Archive {
  readonly #database: SqlDatabase;
  readonly #path: string;
  #isOpen = true;

  constructor(database: SqlDatabase, path: string) {
    this.#database = database;
    this.#path = path;
  }

  read(): Saved | undefined {
    const at = new Map(this.#database.all('select part, at from snapshot').map(({ part, at }) => [part, Number(at)]));
    const keeperAt = at.get('keeper');
    if (keeperAt === undefined) return undefined;
    const historyAt = at.get('history');
    return {
      keeper: {
        version: 1,
        at: keeperAt,
        monitors: this.#readEach('memory', 'memory', (written) => this.#memory(written)),
      },
      ...(historyAt === undefined ? {} : { history: this.#readHistory(historyAt) }),
    };
  }

  async write({ keeper, history }: Saved): Promise<void> {
    const database = this.#database;
    database.exec('begin immediate');
    try {
      database.exec('delete from snapshot; delete from memory; delete from history');
      database.runEach('insert into snapshot values (?, ?)', partsOf(keeper, history));
      database.runEach(
        'insert into memory values (?, ?)',
        rowsOf(keeper.monitors, (memory) => JSON.stringify(memory)),
      );
      database.runEach('insert into history values (?, ?)', rowsOf(history?.monitors ?? {}, bytesOf));
      database.exec('commit');
    } catch (cause) {
      database.exec('rollback');
      throw cause;
    }
    await database.flush();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#database.close();
  }

  #readHistory(at: number): HistorySnapshot {
    const base64 = (slots: SqlValue | undefined) =>
      slots instanceof Uint8Array ? Buffer.from(slots).toString('base64') : '';
    return { version: 1, at, monitors: this.#readEach('history', 'slots', base64) };
  }

  #readEach<TValue>(
    table: string,
    column: string,
    read: (value: SqlValue | undefined) => TValue,
  ): Record<string, TValue> {
    const rows = this.#database.all(`select monitor, ${column} from ${table}`);
    return Object.fromEntries(rows.map((row) => [String(row['monitor']), read(row[column])]));
  }

  #memory(written: SqlValue | undefined): MonitorMemory {
    try {
      return JSON.parse(String(written)) as MonitorMemory;
    } catch (cause) {
      throw new UnreadableArchiveError(this.#path, 'a memory in it is no JSON', cause);
    }
  }
}

function partsOf(keeper: KeeperSnapshot, history: HistorySnapshot | undefined): [string, number][] {
  return [['keeper', keeper.at], ...(history === undefined ? [] : ([['history', history.at]] as [string, number][]))];
}

const rowsOf = <TValue>(
  monitors: Readonly<Record<string, TValue>>,
  write: (value: TValue) => SqlValue,
): [string, SqlValue][] => Object.entries(monitors).map(([monitor, value]) => [monitor, write(value)]);

const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64');
