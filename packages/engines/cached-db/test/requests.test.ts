import { createSessions, type SessionRecord } from '@sessions/core'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWorker } from '../../../testing/test/support/worker.ts'
import { freshPlace, open, type Opened, type Place } from './servers.ts'
import { serviceUrls } from './service-urls.ts'

const worker = new URL('worker.ts', import.meta.url)

type Data = Record<string, string | number>

const record = (data: string): SessionRecord => ({ data, expiresAt: Date.now() + 60_000 })

describe('requests over Redis and PostgreSQL', () => {
  let place: Place
  let own: Opened
  let other: Opened
  beforeEach(async () => {
    place = freshPlace(serviceUrls())
    own = open(place)
    other = open(place)
    await own.db.migrate()
  })
  afterEach(async () => {
    await own.pool.query(`DROP TABLE ${place.name}`)
    await Promise.all([own.close(), other.close()])
  })

  const managers = () =>
    [own, other].map(({ engine }) => createSessions<Data>({ engine, cookie: { age: 60 } }))

  it('keep what each of fifty sets 10 ms after it has read', async () => {
    const key = await stored(own)
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const session = await managers()[index % 2]?.open(key).load()
        await wait(10)
        session?.set(`key ${index}`, index)
        await session?.save()
      }),
    )
    for (const { engine } of [own, other]) {
      const session = await createSessions<Data>({ engine }).open(key).load()
      expect([...session.keys()].filter((name) => name.startsWith('key '))).toHaveLength(50)
    }
  })

  it('leave a logout a logout, whatever fifty slow writers save', async () => {
    const key = await stored(own)
    const [here, there] = managers()
    const sessions = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => (index % 2 ? here : there)?.open(key).load()),
    )
    const save = async (session: (typeof sessions)[number], index: number): Promise<string> => {
      session?.set(`key ${index}`, index)
      return (session?.save() ?? Promise.reject(new Error('none'))).then(
        () => 'saved',
        (error: { code: string }) => error.code,
      )
    }
    const early = sessions.slice(0, 25).map(save)
    const leaving = await here?.open(key).load()
    leaving?.flush()
    await leaving?.save()
    const seen = await Promise.all([own, other].map(async ({ engine }) => isEmpty(engine, key)))
    const late = await Promise.all(sessions.slice(25).map(save))

    expect(seen).toEqual([true, true])
    expect(new Set(late)).toEqual(new Set(['SESSION_INTERRUPTED']))
    for (const outcome of await Promise.all(early)) {
      expect(['saved', 'SESSION_INTERRUPTED']).toContain(outcome)
    }
    expect(await isEmpty(own.engine, key)).toBe(true)
    expect(await isEmpty(other.engine, key)).toBe(true)
  })

  it('of a thousand creates at once let one win', async () => {
    const created = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) =>
        (index % 2 ? own : other).engine.create('id', record(`${index}`)),
      ),
    )
    const winners = created.flatMap(({ status }, index) => (status === 'saved' ? [index] : []))
    expect(winners).toHaveLength(1)
    expect((await own.engine.load('id'))?.data).toBe(String(winners[0]))
    expect((await other.engine.load('id'))?.data).toBe(String(winners[0]))
  })

  it('keep what fifty set in two processes, and let one of a thousand creates win', async () => {
    const key = await stored(own)
    const workers = ['one', 'two'].map((name) =>
      startWorker<number>(worker, JSON.stringify(place), key, name, '25'),
    )
    await Promise.all(workers.map(async ({ ready }) => ready))
    const [one, two] = await Promise.all(workers.map(async ({ proceed }) => proceed()))

    const session = await createSessions<Data>({ engine: own.engine }).open(key).load()
    expect([...session.keys()].filter((name) => /^(?:one|two) /.test(name))).toHaveLength(50)
    expect([one, two].toSorted()).toEqual([0, 1])
    expect((await own.engine.load('id'))?.data).toBe(one === 1 ? 'one' : 'two')
  })
})

async function stored({ engine }: Opened): Promise<string> {
  const session = createSessions<Data>({ engine, cookie: { age: 60 } }).open()
  session.set('user', 'ada')
  await session.save()
  return session.sessionKey ?? ''
}

async function isEmpty(engine: Opened['engine'], key: string): Promise<boolean> {
  return (await createSessions({ engine }).open(key).load()).isEmpty
}
