import { createSessions, type SessionEvent } from '@sessions/core'
import { describe, expect, it } from 'vitest'
import { databases, tableIn } from './every-database.ts'

/** What becomes of the payload of a row. */
const damages: Readonly<Record<string, (data: string) => string>> = {
  'is empty': () => '',
  'is cut': (data) => data.slice(0, -1),
  'is the text of another program': () => 'a:1:{s:4:"user";s:3:"ada";}',
  'is no dictionary': () => '["user", "ada"]',
  'is a number': () => '42',
  'is null': () => 'null',
  'is full of blanks': (data) => ' '.repeat(data.length),
}

describe.each(databases)('a row of %s whose payload', (database) => {
  const table = tableIn(database)

  it.each(Object.entries(damages))(
    '%s is an empty session under the same key, and suspicious',
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
