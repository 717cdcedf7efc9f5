/** Value of a column. */
export type SqlValue = string | number | Uint8Array | null;

/** The part of a database that the archive needs, whichever library is behind it. */
export interface SqlDatabase {
  /** Runs statements without results. */
  exec(sql: string): void;
  /** Runs one statement for each row of parameters. */
  runEach(sql: string, rows: Iterable<readonly SqlValue[]>): void;
  all(sql: string): readonly Readonly<Record<string, SqlValue>>[];
  /** Writes what was committed to the file; done once this has settled. */
  flush(): void | Promise<void>;
  close(): void;
}
