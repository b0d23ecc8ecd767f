import type { AttributeValue } from '@sessions/core'
import { createConnection, createPool } from 'mysql2/promise'
import { describe, expect, it } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import type { AttributeColumn } from '../src/sqlite.ts'
import { databases, tableIn } from './every-database.ts'
import { record } from './server.ts'
import { serviceUrl } from './services.ts'

type Type = AttributeColumn['type']
type Types = Readonly<Record<Type, readonly string[]>>

/** The types of existing columns, by the attributes that they can hold. */
const postgres: Types = {
  text: ['varchar(50)', 'char(3)', 'name'],
  integer: ['smallint', 'integer', 'numeric(20)', 'serial'],
  boolean: ['boolean'],
}
const mysql: Types = {
  text: ['varchar(50)', 'char(36)', 'text', 'longtext', 'varbinary(50)', "enum('ada', 'bob')"],
  integer: ['tinyint', 'smallint', 'int unsigned', 'decimal(20)'],
  boolean: ['tinyint(1)', 'bit', 'int'],
}
const sqlite: Types = {
  text: ['varchar(50)', 'char(32)', 'CLOB', 'STRING', ''],
  integer: ['integer unsigned', 'bigint', 'smallint', 'numeric', ''],
  boolean: ['bool', 'tinyint(1)', ''],
}
const typesOf = (database: string): Types =>
  ({ postgres, mysql } as Record<string, Types>)[database] ?? sqlite

const values: Readonly<Record<Type, AttributeValue>> = { text: 'ada', integer: 42, boolean: true }

/** The types of existing columns, and other types that are then configured for them. */
const others: readonly (readonly [Type, Type])[] = [
  ['text', 'integer'],
  ['text', 'boolean'],
  ['integer', 'text'],
  ['boolean', 'text'],
]

describe.each(databases)('migrate() of %s', (database) => {
  const table = tableIn(database)
  const dropIndex = async (column: string): Promise<unknown> =>
    table.run(
      `DROP INDEX ${table.name()}_${column}${database === 'mysql' ? ` ON ${table.name()}` : ''}`,
    )

  it('creates the indexes that are missing', async () => {
    await table.migrated({ columns: { level: { type: 'integer' } } })
    const columns = { level: { type: 'integer', index: true } } as const
    for (let times = 0; times < 2; times += 1) {
      await table.migrated({ columns })
      // This fails if the index does not exist.
      await dropIndex('level')
      await dropIndex('expires_at')
    }
  })

  it.each(others)('refuses a column for %s if one for %s is configured', async (made, wanted) => {
    await table.migrated({ columns: { level: { type: made } } })
    await expect(table.migrated({ columns: { level: { type: wanted } } })).rejects.toMatchObject({
      code: 'INVALID_SETTING',
      message: expect.stringMatching(
        `^columns.level.type is '${wanted}', but the table \\w+ has a column level of the type \\w+`,
      ),
    })
    await table.migrated({ columns: { level: { name: 'another', type: wanted } } })
  })

  it.each(Object.entries(typesOf(database)))(
    'accepts an existing column of any type that can hold what is %s',
    async (type, made) => {
      await table.migrated()
      const columns = Object.fromEntries(
        made.map((_, index) => [`c${index}`, { type: type as Type, index: true }]),
      )
      for (const [index, each] of made.entries()) {
        await table.run(`ALTER TABLE ${table.name()} ADD COLUMN c${index} ${each}`)
      }
      const engine = await table.migrated({ columns })

      const value = values[type as Type]
      const attributes = Object.fromEntries(Object.keys(columns).map((name) => [name, value]))
      await engine.create('id', { ...record('{}'), attributes })
      for (const [index, each] of made.entries()) {
        const found = await engine.find(`c${index}`, value)[Symbol.asyncIterator]().next()
        expect(found.value, each).toMatchObject({ id: 'id' })
      }
    },
  )
})

describe('migrate() of mysql', () => {
  const table = tableIn('mysql')

  it.each(['own', 'django'] as const)(
    'refuses a table in the layout %s in which two sessions could have one id',
    async (layout) => {
      const engine = table.engine({ layout })
      for (const statement of engine.migrationSql()) await table.run(statement)
      await engine.migrate()
      const id = layout === 'own' ? 'id' : 'session_key'
      const deadline = layout === 'own' ? 'expires_at' : 'expire_date'

      for (const key of ['', `, ADD PRIMARY KEY (${id}, ${deadline})`]) {
        await table.run(`ALTER TABLE ${table.name()} DROP PRIMARY KEY${key}`)
        await expect(engine.migrate()).rejects.toMatchObject({
          code: 'INVALID_SETTING',
          message: expect.stringContaining(`whose column ${id} is no unique key`),
        })
        if (key === '') await table.run(`ALTER TABLE ${table.name()} ADD PRIMARY KEY (${id})`)
      }
      await table.run(`ALTER TABLE ${table.name()} ADD UNIQUE (${id})`)
      await engine.migrate()
    },
  )

  it('refuses a pool without autocommit, whose sessions would be lost with their connections', async () => {
    const pool = createPool({ uri: serviceUrl('mysql'), connectionLimit: 1 })
    await pool.query('SET autocommit = 0')
    for (const layout of ['own', 'django'] as const) {
      const options = { table: table.name(), layout }
      for (const statement of table.engine(options).migrationSql()) await table.run(statement)
      await expect(mysqlEngine(pool, options).migrate()).rejects.toMatchObject({
        code: 'INVALID_SETTING',
        message: expect.stringMatching(/^client must have MySQL commit each statement/),
      })
      await table.run(`DROP TABLE ${table.name()}`)
    }
    await pool.end()
  })

  it.each(['latin1', 'utf8'])(
    'refuses a pool with the charset %s, in which MySQL would replace characters of sessions',
    async (charset) => {
      const pool = createPool({ uri: serviceUrl('mysql'), charset })
      const migrated = mysqlEngine(pool, { table: table.name() }).migrate()
      await expect(migrated.finally(async () => pool.end())).rejects.toMatchObject({
        code: 'INVALID_SETTING',
        message: expect.stringMatching(/^client must use the character set utf8mb4/),
      })
    },
  )

  it.each([
    ['and the table has no primary key', ''],
    ['beside a primary key of another column', ', ADD number bigint AUTO_INCREMENT PRIMARY KEY'],
  ])(
    'accepts an id that is a unique key, %s: sessions are stored, and a purge waits for no live one',
    async (_, primary) => {
      const engine = table.engine()
      for (const statement of engine.migrationSql()) await table.run(statement)
      await table.run(
        `ALTER TABLE ${table.name()} DROP PRIMARY KEY, ADD UNIQUE \`one \`\` key\` (id)${primary}`,
      )
      await engine.migrate()
      const gone = { data: '{}', expiresAt: Date.now() - 1 }
      expect(await engine.create('live', record('{}'))).toMatchObject({ status: 'saved' })
      expect(await engine.create('gone', gone)).toMatchObject({ status: 'saved' })
      expect(await engine.create('live', record('{}'))).toEqual({ status: 'taken' })

      const other = await createConnection(serviceUrl('mysql'))
      await other.beginTransaction()
      await other.query(`SELECT * FROM ${table.name()} WHERE id = 'live' FOR UPDATE`)
      const deleted = engine.clearExpired({})
      await expect(deleted.finally(async () => other.destroy())).resolves.toBe(1)
      expect(await engine.exists('live')).toBe(true)
    },
  )
})
