/**
 * The SQLite drivers that need not be compiled, as a value for `SESSIONS_SQLITE_DRIVERS`.
 *
 * @param {string} version of Node
 * @returns {string}
 */
export const otherSqliteDrivers = (version) =>
  version.startsWith('20.') ? 'libsql' : 'libsql,node:sqlite'
