import { existsSync, readFileSync, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { SqlDatabase } from './sqlDatabase.ts';

/**
 * Opens a database with SQLite compiled to WebAssembly, from the package `sql.js`.
 *
 * It lives in memory. `flush` writes it beside the file and then in its place, so a crash leaves the old one or the new.
 *
 * @returns undefined where the package is not installed.
 */
export async function openSqlJs(path: string): Promise<SqlDatabase | undefined> {
  const library = await import('sql.js').catch((cause: unknown) => {
    if (isNotFound(cause)) return undefined;
    throw cause;
  });
  if (library === undefined) return undefined;
  const { Database } = await library.default();
  const beside = `${path}.tmp`;
  const database = new Database(existsSync(path) ? readFileSync(path) : undefined);
  return {
    exec(sql) {
      database.exec(sql);
    },
    runEach(sql, rows) {
      const statement = database.prepare(sql);
      try {
        for (const row of rows) statement.run([...row]);
      } finally {
        statement.free();
      }
    },
    all(sql) {
      const [{ columns, values } = { columns: [], values: [] }] = database.exec(sql);
      return values.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])));
    },
    flush: () => replace(path, beside, database.export()),
    close() {
      database.close();
      rmSync(beside, { force: true });
    },
  };
}

async function replace(path: string, beside: string, bytes: Uint8Array): Promise<void> {
  const file = await open(beside, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

function isNotFound(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
