import { createPool } from 'mysql2/promise'
import { expect, it, onTestFinished } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { record } from './server.ts'
import { freshTable, serviceUrl } from './services.ts'

it.each(['', '-FOUND_ROWS'])(
  'a table of MySQL with triggers, as audits and pt-online-schema-change create them, reports every outcome (flags: %j)',
  async (flag) => {
    const flags = flag === '' ? [] : [flag]
    const pool = createPool({ uri: serviceUrl('mysql'), flags })
    const table = freshTable()
    const audit = `${table}_audit`
    onTestFinished(async () => {
      await pool.query(`DROP TABLE ${table}, ${audit}`)
      await pool.end()
    })
    const engine = mysqlEngine(pool, { table })
    await engine.migrate()
    await pool.query(`CREATE TABLE ${audit} (number bigint AUTO_INCREMENT PRIMARY KEY, id blob)`)
    for (const [event, row] of Object.entries({ INSERT: 'NEW', UPDATE: 'NEW', DELETE: 'OLD' })) {
      await pool.query(
        `CREATE TRIGGER ${table}_${event} AFTER ${event} ON ${table} FOR EACH ROW INSERT INTO ${audit} (id) VALUES (${row}.id)`,
      )
    }

    const created = await engine.create('id', record('{}'))
    expect(created).toMatchObject({ status: 'saved' })
    expect(await engine.create('id', record('other'))).toEqual({ status: 'taken' })
    const { version } = { version: '', ...created }
    const saved = await engine.save('id', record('saved'), version)
    expect(saved).toMatchObject({ status: 'saved' })
    expect(await engine.save('id', record('stale'), version)).toEqual({ status: 'conflict' })
    expect(await engine.touch('id', record('saved'), version)).toEqual({ status: 'conflict' })
    expect(await engine.touch('id', record('saved'))).toMatchObject({ status: 'saved' })
    expect(await engine.save('absent', record('{}'))).toEqual({ status: 'missing' })
    expect(await engine.touch('absent', record('{}'))).toEqual({ status: 'missing' })
    expect(await engine.load('id')).toMatchObject({ data: 'saved' })
    expect(await engine.delete('id', version)).toBe('conflict')
    expect(await engine.delete('id')).toBe('deleted')
    expect(await engine.delete('id')).toBe('missing')
  },
)
