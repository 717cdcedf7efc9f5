/** What a column holds. */
export type SqlValue = string | number | Uint8Array | null;

/** What the archive needs of a database, whichever library is behind it. */
export interface SqlDatabase {
  /** Runs statements that answer nothing. */
  exec(sql: string): void;
  /** Runs one statement for each row of parameters. */
  runEach(sql: string, rows: Iterable<readonly SqlValue[]>): void;
  all(sql: string): readonly Readonly<Record<string, SqlValue>>[];
  /** What was committed is in the file once this has settled. */
  flush(): void | Promise<void>;
  close(): void;
}
