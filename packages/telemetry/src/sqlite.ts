export { openSqlite, type SqliteLibrary } from './sqlite/openSqlite.ts';
export { NoSqliteError, UnreadableArchiveError } from './sqlite/sqliteErrors.ts';
