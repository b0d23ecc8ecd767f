import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { createSessions, InvalidSettingError, type AttributeValue } from '@sessions/core'
import { describe, expect, it } from 'vitest'
import type { DatabaseEngine } from '../src/sqlite.ts'
import { databases, tableIn } from './every-database.ts'
import { record } from './server.ts'

const columns = {
  name: { type: 'text' },
  level: { type: 'integer', index: true },
  admin: { type: 'boolean' },
} as const

/** A value for each type of column. */
const fitting = { name: 'ada', level: 3, admin: true } as const

/** Values that look similar, but do not match the column's type. */
const nearly: Readonly<Record<keyof typeof fitting, readonly AttributeValue[]>> = {
  name: [0, 3, true, false],
  level: ['3', '3.0', ' 3', '03', 'three', '', 3.5, 2 ** 53, 1e30, true, false],
  admin: [1, 0, '1', 'true', 't', ''],
}

/** An incompressible text of that many characters. */
const random = (length: number): string =>
  Array.from({ length: length / 64 }, (_, index) =>
    createHash('sha256').update(String(index)).digest('hex'),
  ).join('')

/** The texts below that a database cannot store in an indexed column. SQLite can store them all. */
const unheld: Readonly<Record<string, readonly string[]>> = {
  postgres: ['a\0b', random(6400)],
  mysql: ['a'.repeat(256), random(6400)],
}

/** How a column is made whose collation does not tell apart letters that differ in case. */
const caseless: Readonly<Record<string, string>> = {
  postgres: '"name" text COLLATE caseless',
  mysql: '`name` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci',
}

async function found(
  engine: DatabaseEngine,
  attribute: string,
  value: AttributeValue,
): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { id } of engine.find(attribute, value)) ids.push(id)
  return ids
}

describe.each(databases)('a column of %s', (database) => {
  const table = tableIn(database)
  const migrated = async (): Promise<DatabaseEngine> => table.migrated({ columns })

  it('is found by its value, but not by a similar value of another type', async () => {
    const engine = await migrated()
    await engine.create('id', { ...record('{}'), attributes: fitting })
    await engine.create('zero', {
      ...record('{}'),
      attributes: { name: '', level: 0, admin: false },
    })
    await engine.create('none', { ...record('{}'), attributes: {} })

    for (const [attribute, value] of Object.entries(fitting)) {
      expect(await found(engine, attribute, value), attribute).toEqual(['id'])
    }
    for (const [attribute, values] of Object.entries(nearly)) {
      for (const value of [...values, null]) {
        expect(await found(engine, attribute, value), `${attribute} ${value}`).toEqual([])
      }
    }
  })

  it('is found by its exact text, whatever the collation of a column that the application has made', async () => {
    if (database === 'postgres') {
      await table.run(
        `CREATE COLLATION IF NOT EXISTS caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
      )
    }
    const column = caseless[database] ?? '"name" TEXT COLLATE NOCASE'
    for (const sql of table.engine({ columns }).migrationSql()) {
      await table.run(sql.replace(/["`]name["`] (?:text|varchar).*(?=,\n)/i, column))
    }
    const engine = await migrated()
    for (const name of ['ada', 'Ada', 'ADA']) {
      await engine.create(name, { ...record('{}'), attributes: { name } })
    }
    for (const name of ['ada', 'Ada', 'ADA']) {
      expect(await found(engine, 'name', name)).toEqual([name])
    }
  })

  it('is not matched by end() with a value of another type', async () => {
    const manager = createSessions<{ level?: number }>({
      engine: await migrated(),
      attributes: { level: (data) => data.level },
    })
    const session = manager.open()
    session.set('level', 3)
    await session.save()

    expect(await manager.end({ level: '3' })).toBe(0)
    expect(await manager.end({ level: 3 })).toBe(1)
  })

  it('refuses a value of another type, and says what the attribute must return', async () => {
    const engine = await migrated()
    await engine.create('id', { ...record('kept'), attributes: fitting })
    for (const [attribute, values] of Object.entries(nearly)) {
      for (const value of values) {
        const attributes = { ...fitting, [attribute]: value }
        for (const call of [
          async () => engine.create('new', { ...record('{}'), attributes }),
          async () => engine.save('id', { ...record('{}'), attributes }),
        ]) {
          await expect(call(), `${attribute} ${value}`).rejects.toThrow(
            new RegExp(`^attributes\\.${attribute} must return a .+, null or undefined`),
          )
        }
      }
    }
    expect(await engine.exists('new')).toBe(false)
    expect((await engine.load('id'))?.data).toBe('kept')
  })

  it.each([
    ['with U+0000', 'a\0b'],
    ['of 256 characters', 'a'.repeat(256)],
    ['of 6400 incompressible characters', random(6400)],
  ])(
    'stores a text %s, or refuses it with an InvalidSettingError instead of a failure of the store',
    async (_, text) => {
      const engine = await table.migrated({ columns: { name: { type: 'text', index: true } } })
      const manager = createSessions<{ name?: string }>({
        engine,
        attributes: { name: (data) => data.name },
      })
      const session = manager.open()
      session.set('name', 'ada')
      await session.save()
      const isHeld = !unheld[database]?.includes(text)
      const saved = isHeld ? [] : [expect.any(InvalidSettingError)]

      for (const one of [await manager.open(session.sessionKey ?? '').load(), manager.open()]) {
        one.set('name', text)
        const failures = await one.save().then(
          () => [],
          (error: unknown) => [error],
        )
        expect(failures).toEqual(saved)
        expect(inspect(failures, { depth: 9 })).not.toContain(text)
      }
      expect(await found(engine, 'name', text)).toHaveLength(isHeld ? 2 : 0)
      expect(await found(engine, 'name', 'ada')).toHaveLength(isHeld ? 0 : 1)
      expect(await manager.end({ name: text })).toBe(isHeld ? 2 : 0)
    },
  )

  it('stores every integer of 64 bits, those beyond safe integers as strings', async () => {
    const engine = await migrated()
    const levels = [
      0,
      -1,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
      '9007199254740992',
      '9007199254740993',
      '-9007199254740993',
      '9223372036854775807',
      '-9223372036854775808',
    ]
    for (const level of levels) {
      await engine.create(`id ${level}`, { ...record('{}'), attributes: { level } })
    }
    for (const level of levels) {
      expect(await found(engine, 'level', level), String(level)).toEqual([`id ${level}`])
    }
    for (const none of ['9223372036854775808', '-9223372036854775809', '09007199254740993']) {
      expect(await found(engine, 'level', none), none).toEqual([])
    }
  })

  it('is emptied when the attribute no longer has a value', async () => {
    const engine = await migrated()
    await engine.create('id', { ...record('{}'), attributes: fitting })
    await engine.save('id', { ...record('{}'), attributes: { name: null, level: 3 } })

    expect(await found(engine, 'name', 'ada')).toEqual([])
    expect(await found(engine, 'admin', true)).toEqual([])
    expect(await found(engine, 'level', 3)).toEqual(['id'])
  })

  it.each(['rowid', 'oid', '_rowid_'])(
    "may be named %s, like a database's own row id, and clearExpired does not delete by it",
    async (name) => {
      const engine = await table.migrated({ columns: { level: { name, type: 'integer' } } })
      const attributes = { level: 42 }
      await engine.create('expired', { data: '{}', expiresAt: Date.now() - 60_000, attributes })
      await engine.create('live', { ...record('kept'), attributes })

      expect(await engine.clearExpired({})).toBe(1)
      expect((await engine.load('live'))?.data).toBe('kept')
      expect(await found(engine, 'level', 42)).toEqual(['live'])
    },
  )
})
