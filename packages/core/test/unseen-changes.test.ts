import { describe, expect, it } from 'vitest'
import { jsonSerializer } from '../src/payload/serializer.ts'
import type { Session } from '../src/session/session.ts'
import { OK, site } from './support/site.ts'
import { withSession } from './support/with-session.ts'

/** Visits a stored session, and returns whether it was saved, its data and the calls of its serializer. */
async function visitWith(handle: (session: Session) => unknown) {
  const calls: string[] = []
  const serializer = {
    dumps: (value: unknown) => (calls.push('dumps'), jsonSerializer.dumps(value)),
    loads: (text: string) => (calls.push('loads'), jsonSerializer.loads(text)),
  }
  const { visit, data } = site({ serializer })
  const { cookie } = await visit({}, (session) => session.update({ n: 1, list: [1] }))
  calls.length = 0
  const answer = await visit({ cookie }, handle)
  const serialized = [...calls]
  return { saved: answer.calls.includes('save'), serialized, data: await data(cookie) }
}

describe('session.data', () => {
  it.each<[string, (session: Session) => unknown, unknown]>([
    ['replaced', ({ data }) => (data.n = 2), { n: 2, list: [1] }],
    ['added', ({ data }) => (data.m = 2), { n: 1, list: [1], m: 2 }],
    ['deleted', ({ data }) => delete data.n, { list: [1] }],
  ])('is serialised once if a value was %s', async (_, handle, expected) => {
    const { saved, serialized, data } = await visitWith(handle)

    expect(saved).toBe(true)
    expect(serialized).toEqual(['loads', 'dumps'])
    expect(data).toEqual(expected)
  })

  it('is compared as text with what was loaded if a nested value may have changed', async () => {
    const { saved, serialized, data } = await visitWith(({ data }) => data.list.push(2))

    expect(saved).toBe(true)
    // The loaded text may come from another JSON printer, so it is serialised again too, to compare the two.
    expect(serialized).toEqual(['loads', 'dumps', 'loads', 'dumps'])
    expect(data).toEqual({ n: 1, list: [1, 2] })
  })

  it.each<[string, (session: Session) => unknown]>([
    ['was only read', ({ data }) => data.n],
    ['is restored', ({ data }) => ((data.n = 2), (data.n = 1))],
  ])('is compared once and not saved if it %s', async (_, handle) => {
    const { saved, serialized } = await visitWith(handle)

    expect(saved).toBe(false)
    expect(serialized).toEqual(['loads', 'dumps'])
  })
})

const increment = (value: unknown): number => Number(value) + 1

describe('modify, after the application got hold of the data', () => {
  it('decodes what was stored once, for however many keys', async () => {
    const { serialized, data } = await visitWith((session) => {
      expect(session.data.n).toBe(1)
      for (let key = 0; key < 50; key++) session.modify(`k${key}`, (value = 0) => Number(value) + 1)
    })

    expect(serialized.filter((call) => call === 'loads')).toHaveLength(2)
    expect(data).toMatchObject({ n: 1, k0: 1, k49: 1 })
  })

  it('is replayed on the value of another request once for each of its calls', async () => {
    const { cookie, data, manager, open } = await withSession({ n: 1 })
    const [a, b] = [await open(), await open()]
    expect(a.data.n).toBe(1)
    a.modify('n', increment)
    a.modify('n', increment)
    await manager.commit(b.set('n', 10), OK)

    await manager.commit(a, OK)

    expect(await data(cookie)).toEqual({ n: 12 })
  })
})
