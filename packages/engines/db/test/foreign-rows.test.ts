import { createSessions, type SessionEvent } from '@sessions/core'
import { describe, expect, it } from 'vitest'
import { drivers } from './drivers.ts'
import { databases, tableIn } from './every-database.ts'
import { record } from './server.ts'

/** How the payload of a row is damaged. */
const damages: Readonly<Record<string, (data: string) => string>> = {
  'is empty': () => '',
  'is cut': (data) => data.slice(0, -1),
  'is the text of another program': () => 'a:1:{s:4:"user";s:3:"ada";}',
  'is not a dictionary': () => '["user", "ada"]',
  'is a number': () => '42',
  'is null': () => 'null',
  'is full of blanks': (data) => ' '.repeat(data.length),
}

describe.each(databases)('a row of %s whose payload', (database) => {
  const table = tableIn(database)

  it.each(Object.entries(damages))(
    '%s loads as an empty session under the same key, and is reported as suspicious',
    async (_, damage) => {
      const events: SessionEvent[] = []
      const manager = createSessions<{ user: string }>({
        engine: await table.migrated(),
        onEvent: (event) => events.push(event),
      })
      const session = manager.open()
      session.set('user', 'ada')
      await session.save()
      const { sessionKey = '' } = session
      await table.run(`UPDATE ${table.name()} SET data = '${damage('{"user":"ada"}')}'`)

      const damaged = await manager.open(sessionKey).load()
      expect(damaged.toObject()).toEqual({})
      expect(damaged.sessionKey).toBe(sessionKey)
      expect(events.map(({ type }) => type)).toEqual(['created', 'suspicious'])

      damaged.set('user', 'grace')
      await damaged.save()
      expect((await manager.open(sessionKey).load()).get('user')).toBe('grace')
    },
  )
})

/** Values that another program may write into a row of SQLite, which stores anything in any column. */
const foreign: readonly (readonly ['own' | 'django', string])[] = [
  ['own', "expires_at = 'soon'"],
  ['own', "expires_at = '2030-01-01'"],
  ['own', "expires_at = x'ff'"],
  ['own', 'expires_at = 9e999'],
  ['own', 'expires_at = 9223372036854775807'],
  ['own', "expires_at = 'soon', data = x'00ff00', version = x'00'"],
  ['own', "data = x'00ff00'"],
  ['own', "data = CAST(x'ff' AS TEXT)"],
  ['own', "data = '', version = x'00'"],
  ['django', "expire_date = 'soon'"],
  ['django', "expire_date = x'ff'"],
  ['django', "expire_date = '2099-13-01 00:00:00'"],
  ['django', "session_data = x'00ff00'"],
]

describe.each(drivers)('a row of %s', (driver) => {
  const table = tableIn(driver)
  const columns = { user: { type: 'text' } } as const

  it.each(foreign)(
    'in the layout %s with %s loads as an empty, suspicious session, and can be ended like any other',
    async (layout, change) => {
      const events: SessionEvent[] = []
      const engine = table.engine({ layout, columns })
      for (const statement of engine.migrationSql()) await table.run(statement)
      const manager = createSessions<{ user: string }>({
        engine,
        hashKeys: layout === 'own',
        attributes: { user: ({ user }) => user },
        onEvent: (event) => events.push(event),
      })
      const damagedKey = async (): Promise<string> => {
        const session = manager.open()
        session.set('user', 'ada')
        await session.save()
        await table.run(`UPDATE ${table.name()} SET ${change}`)
        return session.sessionKey ?? ''
      }

      const key = await damagedKey()
      const damaged = await manager.open(key).load()
      expect(damaged.toObject()).toEqual({})
      expect(damaged.sessionKey).toBe(key)
      expect(events.map(({ type }) => type)).toEqual(['created', 'suspicious'])
      expect(await manager.clearExpired()).toBe(0)
      expect(await manager.end({ user: 'ada' })).toBe(1)

      const another = await damagedKey()
      const mended = await manager.open(another).load()
      mended.set('user', 'grace')
      await mended.save()
      expect((await manager.open(another).load()).toObject()).toEqual({ user: 'grace' })
    },
  )

  it.each([
    ['2099-01-01', '2099-01-01T00:00:00Z'],
    ['2099-01-01 10:20', '2099-01-01T10:20:00Z'],
    ['2099-01-01T10:20:30Z', '2099-01-01T10:20:30Z'],
    ['2099-01-01 10:20:30.123999', '2099-01-01T10:20:30.123Z'],
    ['2099-01-01 10:20:30+00:00', '2099-01-01T10:20:30Z'],
    ['2099-01-01 10:20:30.5+0530', '2099-01-01T04:50:30.500Z'],
    ['2099-01-01T10:20:30-01', '2099-01-01T11:20:30Z'],
  ])('in the layout django expires at %s, as Django reads it', async (text, time) => {
    const engine = table.engine({ layout: 'django' })
    for (const statement of engine.migrationSql()) await table.run(statement)
    await engine.create('id', record('{}'))
    await table.run(`UPDATE ${table.name()} SET expire_date = '${text}'`)
    expect(await engine.load('id')).toMatchObject({ data: '{}', expiresAt: Date.parse(time) })
  })
})
