import { createPoolCluster } from 'mysql2/promise'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine } from '../src/postgres.ts'
import { sqliteEngine } from '../src/sqlite.ts'

describe('the client', () => {
  it('is refused where it is a connection, of which a pool would have many', () => {
    expect(() => postgresEngine(new Client() as never)).toThrow(/^client must be a Pool of pg/)
    const cluster = createPoolCluster()
    expect(() => mysqlEngine(cluster as never)).toThrow(/^client must be a pool of mysql2/)
    expect(() => mysqlEngine(cluster.of('*') as never)).toThrow(/^client must be a pool of mysql2/)
  })

  it.each([undefined, null, {}, 'postgres://localhost/shop', () => undefined])(
    'is refused where it is %s',
    (client) => {
      expect(() => postgresEngine(client as never)).toThrow(/^client must be a Pool of pg/)
      expect(() => mysqlEngine(client as never)).toThrow(/^client must be a pool of mysql2/)
      expect(() => sqliteEngine(client as never)).toThrow(/^database must be the database object/)
    },
  )
})
