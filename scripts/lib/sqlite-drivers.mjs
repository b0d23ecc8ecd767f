/**
 * The drivers of SQLite that need no compiler, as `SESSIONS_SQLITE_DRIVERS` names them.
 *
 * @param {string} version of Node
 * @returns {string}
 */
export const otherSqliteDrivers = (version) =>
  version.startsWith('20.') ? 'libsql' : 'libsql,node:sqlite'
