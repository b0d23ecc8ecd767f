import { hasMethods } from '@sessions/core'
import { countIn, rowsIn } from '../answers.ts'
import type { PostgresPort, PostgresValue } from './port.ts'

/** The part of PGlite that the engine uses. */
export interface Pglite {
  query(
    text: string,
    values?: PostgresValue[],
  ): Promise<{ readonly rows: unknown[]; readonly affectedRows?: number }>
  exec(text: string): Promise<unknown>
}

/** The databases of bun:sqlite have these methods as well, and `prepare`. */
export function isPglite(client: object): client is Pglite {
  return hasMethods(client, 'query', 'exec') && !hasMethods(client, 'prepare')
}

/** Adapts a PGlite; without a timeout, because PGlite runs in this process. */
export function pglitePort(database: Pglite): PostgresPort {
  return {
    async query(text, values) {
      const { rows, affectedRows } = await database.query(text, values)
      return { rows: rowsIn(rows), rowCount: countIn(affectedRows) }
    },
    script: (text) => database.exec(text),
  }
}
