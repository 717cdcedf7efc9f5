import { WatchkeeperError } from '@watchkeeper/core';

/** There is no SQLite here. Run on Node 22.13 or later, or install `sql.js`. */
export class NoSqliteError extends WatchkeeperError {
  readonly code = 'NO_SQLITE';

  constructor() {
    super('This Node has no node:sqlite, and the package sql.js is not installed: have one of them');
  }
}

/** The file cannot be used: it is no archive, or one of a later version. Choose another, or remove it. */
export class UnreadableArchiveError extends WatchkeeperError {
  readonly code = 'UNREADABLE_ARCHIVE';
  readonly path: string;

  constructor(path: string, why: string, cause?: unknown) {
    super(`The archive ${path} cannot be read: ${why}`, cause === undefined ? undefined : { cause });
    this.path = path;
  }
}
