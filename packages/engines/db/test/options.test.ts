import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { sqliteEngine } from '../src/sqlite.ts'

const database = new Database(':memory:')

/** Makes an engine with that column, and others. */
const withColumns =
  (column: object, more: object = {}): (() => unknown) =>
  () =>
    sqliteEngine(database, { columns: { userId: column, ...more } as never })

describe('the options of sqliteEngine', () => {
  it.each(['', 'a b', '1a', 'a"b', 'sessions; DROP TABLE users', 'main.sessions', 'x'.repeat(64)])(
    'refuse a table called %j',
    (table) => {
      expect(() => sqliteEngine(database, { table })).toThrow(/^table must be a name/)
    },
  )

  it('refuse a column that has no name, the name of another, or no type', () => {
    expect(withColumns({ type: 'text', name: 'a b' })).toThrow(
      /^columns\.userId\.name must be a name/,
    )
    expect(withColumns({ type: 'text', name: 'DATA' })).toThrow(/^columns\.userId\.name is DATA/)
    expect(withColumns({ type: 'text' }, { x: { type: 'text', name: 'USERID' } })).toThrow(
      /^columns\.x\.name is USERID/,
    )
    expect(withColumns({ type: 'json' })).toThrow(/^columns\.userId\.type must be 'text'/)
  })

  it('refuse a batchSize that is no number of records', async () => {
    await expect(sqliteEngine(database).clearExpired({ batchSize: 0 })).rejects.toThrow(
      /^batchSize must be/,
    )
  })
})
