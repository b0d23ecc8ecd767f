/** What PostgreSQL says of a row that it refuses, and what its clients add: rows and values. */
const QUOTING = ['detail', 'where', 'internalQuery', 'parameters', 'args']

/** The classes of errors that are about values: data exceptions and violated constraints. */
const ABOUT_VALUES = /^2[23]/

/** PostgreSQL's error, as it may be logged: without what it quotes of a session. */
export function unquoted(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (!ABOUT_VALUES.test(String(error.code))) return error
  for (const name of QUOTING) Reflect.deleteProperty(error, name)
  return error
}
