import { createSessions, type SessionEvent, type SessionRecord } from '@sessions/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  memcachedClient,
  memcachedEngine,
  type ConnectedClient,
  type MemcachedEngine,
} from '../src/index.ts'
import { ownServer, type OwnServer } from './own-server.ts'
import { tell } from './stats.ts'

const record = (data: string): SessionRecord => ({ data, expiresAt: Date.now() + 60_000 })

describe('memcachedEngine, with an item that another program has written or marked,', () => {
  let server: OwnServer
  let client: ConnectedClient
  let engine: MemcachedEngine
  beforeAll(async () => {
    server = await ownServer()
    client = memcachedClient(server.name)
    engine = memcachedEngine(client)
  })
  afterAll(async () => {
    client.close()
    await server.kill()
  })
  beforeEach(async () => tell(server.name, 'flush_all'))

  it.each(['{"user":"eve"}', 'x', '', ':{}', 'noon:{}', '1.5:{}', `${'1'.repeat(17)}:{}`])(
    'reports the value %j as suspicious, and overwrites it when the session is saved',
    async (value) => {
      const events: SessionEvent[] = []
      const ids: string[] = []
      const sessions = createSessions<{ user?: string }>({
        engine: {
          ...engine,
          load(id) {
            ids.push(id)
            return engine.load(id)
          },
        },
        onEvent: (event) => void events.push(event),
      })
      const fresh = sessions.open()
      fresh.set('user', 'ada')
      await fresh.save()
      const key = fresh.sessionKey ?? ''
      await sessions.open(key).load()
      await tell(server.name, `set session:${ids[0]} 0 60 ${value.length}\r\n${value}`)

      const session = await sessions.open(key).load()
      expect(session.size).toBe(0)
      expect(events.at(-1)?.type).toBe('suspicious')
      session.set('user', 'bob')
      await session.save()

      expect((await sessions.open(key).load()).get('user')).toBe('bob')
    },
  )

  it('saves a session that has been marked as stale', async () => {
    await engine.create('id', record('{}'))
    await tell(server.name, 'md session:id I T60')
    for (const data of ['first', 'second']) {
      const loaded = await engine.load('id')
      expect((await engine.save('id', record(data), loaded?.version)).status).toBe('saved')
      expect((await engine.load('id'))?.data).toBe(data)
    }
  })

  it('does not turn its value into a session by a touch without a version', async () => {
    await tell(server.name, 'set session:id 0 60 14\r\n{"user":"eve"}')
    const before = await engine.load('id')
    expect((await engine.touch('id', record('{}'))).status).toBe('saved')
    expect((await engine.load('id'))?.data).toBe(before?.data)
  })

  it('deletes it', async () => {
    await tell(server.name, 'set session:id 7 60 5\r\nhello')
    expect(await engine.create('id', record('{}'))).toEqual({ status: 'taken' })
    const loaded = await engine.load('id')
    expect(await engine.delete('id', 'stale')).toBe('conflict')
    expect(await engine.delete('id', loaded?.version)).toBe('deleted')
  })
})
