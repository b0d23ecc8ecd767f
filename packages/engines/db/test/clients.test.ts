import Database from 'libsql'
import { createPool, createPoolCluster } from 'mysql2/promise'
import { Client, Pool } from 'pg'
import postgres from 'postgres'
import { describe, expect, it } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine } from '../src/postgres.ts'
import { sqliteEngine } from '../src/sqlite.ts'

/** Clients of other stores that share methods with the supported ones. */
const nodeRedis = { connect: async () => undefined, exists() {}, multi() {} }
const bunSqlite = { query() {}, exec() {}, prepare() {} }
const mysqlConnection = { connect() {}, query() {}, execute() {}, promise() {} }

const refusedByPostgres = /^client must be a Pool of pg/
const refusedByMysql = /^client must be a pool of mysql2/
const refusedBySqlite = /^database must be the database object/

describe('the client', () => {
  it('is refused if it is a single connection or a cluster instead of a pool', () => {
    // @ts-expect-error the types say so as well
    expect(() => postgresEngine(new Client())).toThrow(refusedByPostgres)
    expect(() => mysqlEngine(mysqlConnection as never)).toThrow(refusedByMysql)
    const cluster = createPoolCluster()
    expect(() => mysqlEngine(cluster as never)).toThrow(refusedByMysql)
    expect(() => mysqlEngine(cluster.of('*') as never)).toThrow(refusedByMysql)
  })

  it.each([
    undefined,
    null,
    {},
    { pool: {} },
    { query: true, exec: true, connect: true, unsafe: true, prepare: true },
    'postgres://localhost/shop',
    () => undefined,
    nodeRedis,
  ])('is refused if it is %o', (client) => {
    expect(() => postgresEngine(client as never)).toThrow(refusedByPostgres)
    expect(() => mysqlEngine(client as never)).toThrow(refusedByMysql)
    expect(() => sqliteEngine(client as never)).toThrow(refusedBySqlite)
  })

  it('is refused by postgresEngine if it is a client of another database', () => {
    const mysqlPool = createPool('mysql://localhost/shop')
    const others = [new Database(':memory:'), bunSqlite, mysqlConnection, mysqlPool]
    for (const other of others) {
      expect(() => postgresEngine(other as never)).toThrow(refusedByPostgres)
    }
    // @ts-expect-error the types say so as well
    expect(() => postgresEngine(mysqlPool)).toThrow(refusedByPostgres)
    // @ts-expect-error the types say so as well
    expect(() => postgresEngine(nodeRedis)).toThrow(refusedByPostgres)
  })

  it.each(['each', 'batch'])(
    'is refused by sqliteEngine if it has a method `%s`, as databases with asynchronous statements have',
    (method) => {
      const database = { prepare() {}, exec() {}, [method]() {} }
      expect(() => sqliteEngine(database as never)).toThrow(refusedBySqlite)
    },
  )

  it('of PostgreSQL is refused by the other engines', () => {
    for (const other of [new Pool(), postgres()]) {
      expect(() => postgresEngine(other)).not.toThrow()
      expect(() => mysqlEngine(other as never)).toThrow(refusedByMysql)
      expect(() => sqliteEngine(other as never)).toThrow(refusedBySqlite)
    }
  })
})
