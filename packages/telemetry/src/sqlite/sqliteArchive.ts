import type { MonitorSnapshot, SupervisorSnapshot } from '@watchkeeper/core';
import type { Archive, SavedState } from '../archive/archive.ts';
import type { HistorySnapshot } from '../history/historyOptions.ts';
import type { SqlDatabase, SqlValue } from './sqlDatabase.ts';
import { UnreadableArchiveError } from './sqliteErrors.ts';

const schemaVersion = 1;

const schema = `
  create table if not exists snapshot (part text primary key, at real not null) strict;
  create table if not exists memory (monitor text primary key, memory text not null) strict;
  create table if not exists history (monitor text primary key, bins blob not null) strict;
  pragma user_version = ${schemaVersion};
`;

/** Makes the tables that are missing. @throws {@link UnreadableArchiveError} for a later version. */
export function prepareSchema(database: SqlDatabase, path: string): void {
  const version = database.all('pragma user_version')[0]?.['user_version'];
  if (Number(version) > schemaVersion) throw new UnreadableArchiveError(path, `it is of version ${version}`);
  database.exec(schema);
}

/** An archive in a database whose tables are there. */
export class SqliteArchive implements Archive {
  readonly #database: SqlDatabase;
  readonly #path: string;
  #isOpen = true;

  constructor(database: SqlDatabase, path: string) {
    this.#database = database;
    this.#path = path;
  }

  read(): SavedState | undefined {
    const at = new Map(this.#database.all('select part, at from snapshot').map(({ part, at }) => [part, Number(at)]));
    const keeperAt = at.get('keeper');
    if (keeperAt === undefined) return undefined;
    const historyAt = at.get('history');
    return {
      supervisor: {
        version: 1,
        at: keeperAt,
        monitors: this.#readEach('memory', 'memory', (written) => this.#parseMonitor(written)),
      },
      ...(historyAt === undefined ? {} : { history: this.#readHistory(historyAt) }),
    };
  }

  async write({ supervisor, history }: SavedState): Promise<void> {
    const database = this.#database;
    database.exec('begin immediate');
    try {
      database.exec('delete from snapshot; delete from memory; delete from history');
      database.runEach('insert into snapshot values (?, ?)', partsOf(supervisor, history));
      database.runEach(
        'insert into memory values (?, ?)',
        rowsOf(supervisor.monitors, (memory) => JSON.stringify(memory)),
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
    const base64 = (bins: SqlValue | undefined) =>
      bins instanceof Uint8Array ? Buffer.from(bins).toString('base64') : '';
    return { version: 1, at, monitors: this.#readEach('history', 'bins', base64) };
  }

  #readEach<TValue>(
    table: string,
    column: string,
    read: (value: SqlValue | undefined) => TValue,
  ): Record<string, TValue> {
    const rows = this.#database.all(`select monitor, ${column} from ${table}`);
    return Object.fromEntries(rows.map((row) => [String(row['monitor']), read(row[column])]));
  }

  #parseMonitor(written: SqlValue | undefined): MonitorSnapshot {
    try {
      return JSON.parse(String(written)) as MonitorSnapshot;
    } catch (cause) {
      throw new UnreadableArchiveError(this.#path, 'a memory in it is no JSON', cause);
    }
  }
}

function partsOf(supervisor: SupervisorSnapshot, history: HistorySnapshot | undefined): [string, number][] {
  return [
    ['keeper', supervisor.at],
    ...(history === undefined ? [] : ([['history', history.at]] as [string, number][])),
  ];
}

const rowsOf = <TValue>(
  monitors: Readonly<Record<string, TValue>>,
  write: (value: TValue) => SqlValue,
): [string, SqlValue][] => Object.entries(monitors).map(([monitor, value]) => [monitor, write(value)]);

const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64');
