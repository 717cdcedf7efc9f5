export { openSqlite, type SqliteLibrary } from './openSqlite.ts';
export { NoSqliteError, UnreadableArchiveError } from './sqliteErrors.ts';
