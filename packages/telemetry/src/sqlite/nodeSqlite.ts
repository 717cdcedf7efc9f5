import type { SqlDatabase, SqlValue } from './sqlDatabase.ts';

/** The part of `node:sqlite` that is used: Node has it from 22.13 on, and its types for Node 20 do not. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
  ) => {
    exec(sql: string): void;
    prepare(sql: string): {
      run(...parameters: readonly SqlValue[]): unknown;
      all(): Readonly<Record<string, SqlValue>>[];
    };
    close(): void;
  };
}

/** How long to wait for another process that writes. */
const busyTimeoutMs = 2_000;

/** Opens a database with the SQLite of Node. @returns undefined where Node has none. */
export function openNodeSqlite(path: string): SqlDatabase | undefined {
  const sqlite = process.getBuiltinModule?.('node:sqlite') as NodeSqlite | undefined;
  if (sqlite === undefined) return undefined;
  const database = new sqlite.DatabaseSync(path);
  database.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
  return {
    exec: (sql) => database.exec(sql),
    runEach(sql, rows) {
      const statement = database.prepare(sql);
      for (const row of rows) statement.run(...row);
    },
    all: (sql) => database.prepare(sql).all(),
    // A commit is in the file when it returns.
    flush: () => {},
    close: () => database.close(),
  };
}
