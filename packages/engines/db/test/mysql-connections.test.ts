import { createPool } from 'mysql2/promise'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mysqlEngine, type MysqlConnection, type MysqlPool } from '../src/mysql.ts'
import { record } from './server.ts'
import { freshTable, serviceUrl } from './services.ts'

/** A pool whose only connection fails every statement with that error, and how the connection was given back. */
function failing(details: object): { pool: MysqlPool; ended: string[] } {
  const ended: string[] = []
  const error = Object.assign(new Error('no'), details)
  const fail = (_sql: string, _values: unknown, done: (error: unknown) => void): void => done(error)
  const connection: MysqlConnection = {
    execute: fail,
    query: fail,
    release: () => ended.push('released'),
    destroy: () => ended.push('destroyed'),
  }
  return {
    pool: { promise: () => undefined, getConnection: (done) => done(null, connection) },
    ended,
  }
}

describe('a connection of mysql2 on which a statement failed', () => {
  it.each([
    ['released', 'the table is missing', { errno: 1146, sqlState: '42S02' }],
    ['released', 'there was a deadlock', { errno: 1213, sqlState: '40001' }],
    ['released', 'the statement was killed', { errno: 1317, sqlState: '70100' }],
    ['destroyed', 'the connection was killed', { errno: 1927, sqlState: '70100' }],
    ['destroyed', 'its prepared statements are unknown', { errno: 1243, sqlState: 'HY000' }],
    ['destroyed', 'the server has become read-only', { errno: 1290, sqlState: 'HY000' }],
    ['destroyed', 'InnoDB has become read-only', { errno: 1836, sqlState: 'HY000' }],
    ['destroyed', 'its transactions are read-only', { errno: 1792, sqlState: '25006' }],
    ['destroyed', 'the packet was too large', { errno: 1153, sqlState: '08S01' }],
    ['destroyed', 'the server shuts down', { errno: 1053, sqlState: '08S01' }],
    ['destroyed', 'the protocol was broken', { errno: 1213, sqlState: '40001', fatal: true }],
    ['destroyed', 'the connection was lost', { code: 'ECONNRESET' }],
  ])('is %s if %s', async (end, _, details) => {
    const { pool, ended } = failing(details)
    await expect(mysqlEngine(pool).exists('id')).rejects.toBeInstanceOf(Error)
    expect(ended).toEqual([end])
  })
})

describe('a connection of mysql2 in the SQL mode', () => {
  it.each(['', 'NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES'])(
    "'%s' deletes an expired session under an id that must be escaped, and no other",
    async (mode) => {
      const pool = createPool({ uri: serviceUrl('mysql'), connectionLimit: 1 })
      const table = freshTable()
      onTestFinished(async () => {
        await pool.query(`DROP TABLE ${table}`)
        await pool.end()
      })
      const engine = mysqlEngine(pool, { table })
      await engine.migrate()
      await pool.query(`SET sql_mode = '${mode}'`)
      const id = '\\\' OR "?" -- \u00e9\u{1f600}\\'
      await engine.create(id, { ...record('{}'), expiresAt: 1 })
      await engine.create('live', record('{}'))

      expect(await engine.clearExpired({})).toBe(1)
      expect(await engine.exists('live')).toBe(true)
    },
  )
})
