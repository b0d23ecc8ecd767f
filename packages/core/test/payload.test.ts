import { describe, expect, it } from 'vitest'
import { signedCodec } from '../src/payload/codec.ts'
import type { SessionRecord } from '../src/engine/engine.ts'
import { keyIn, site } from './support/site.ts'

const secretKey = 'insecure-test-secret'

describe('a payload that does not decode', () => {
  it.each([
    ['text that is not JSON', undefined, 'not JSON'],
    ['an array', undefined, '[1]'],
    ['null', undefined, 'null'],
    ['a JSON string', undefined, '"text"'],
    ['no signature', signedCodec({ secretKey }), '{"a":1}'],
    ['a wrong signature', signedCodec({ secretKey }), 'bad:encoded:value'],
  ])(
    'gives an empty session under the same key, and is reported as suspicious: %s',
    async (_, codec, data) => {
      const { engine, events, visit } = site({ codec })
      const { cookie } = await visit({}, (session) => session.set('a', 1))
      const [[id = '', record] = []] = engine.records
      engine.records.set(id, { expiresAt: 0, version: '', ...record, data })
      events.length = 0

      const reading = await visit({ cookie }, (session) => {
        expect(session.toObject()).toEqual({})
        expect(session.sessionKey).toBe(keyIn(cookie))
      })
      const writing = await visit({ cookie }, (session) => session.set('b', 2))

      expect(reading).toMatchObject({ calls: ['load'], setCookie: [] })
      expect(keyIn(writing.cookie)).toBe(keyIn(cookie))
      expect(events.map(({ type }) => type)).toEqual(['suspicious', 'suspicious'])
      await visit({ cookie }, (session) => expect(session.toObject()).toEqual({ b: 2 }))
    },
  )

  it('gives two sessions separate dictionaries', async () => {
    const { data, engine, manager, visit } = site()
    const one = await visit({}, (session) => session.set('a', 1))
    const other = await visit({}, (session) => session.set('b', 1))
    for (const [id, record] of engine.records) engine.records.set(id, { ...record, data: 'junk' })
    const session = await manager.openFromCookies(one.cookie).load()

    session.set('secret', 1)

    expect(await data(other.cookie)).toEqual({})
    expect(await data(one.cookie)).toEqual({})
  })
})

describe('the stored payload', () => {
  it('is the data as plain JSON', async () => {
    const { engine, visit } = site()

    await visit({}, (session) => session.update({ a: 1, b: ['jamón'] }))

    expect([...engine.records.values()].map(({ data }) => data)).toEqual(['{"a":1,"b":["jamón"]}'])
  })

  it('goes through the codec on its way to the store and back', async () => {
    const { data, engine, visit } = site({ codec: signedCodec({ secretKey }) })

    const { cookie } = await visit({}, (session) => session.set('a', 'jamón'))
    const reading = await visit({ cookie }, (session) => session.data)

    expect([...engine.records.values()][0]?.data).toMatch(/^[\w-]+:\w+:[\w-]+$/)
    expect(await data(cookie)).toEqual({ a: 'jamón' })
    expect(reading.calls).toEqual(['load'])
  })

  it('is never shared between requests as an object', async () => {
    const { manager, visit } = site()
    const value = { list: [1] }
    const { cookie } = await visit({}, (session) => session.set('value', value))

    const first = await manager.openFromCookies(cookie).load()
    const second = await manager.openFromCookies(cookie).load()
    first.get('value').list.push(2)
    value.list.push(3)

    expect(second.get('value')).toEqual({ list: [1] })
    expect(second.get('value')).not.toBe(first.get('value'))
  })

  it('is changed in the store only by commit and save', async () => {
    const { engine, manager, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', { b: 1 }))
    const before = JSON.stringify([...engine.records])

    const session = await manager.openFromCookies(cookie).load()
    session.get('a').b = 2
    session.clear()
    session.cycleKey()
    session.setExpiry(10)
    session.flush()

    expect(JSON.stringify([...engine.records])).toBe(before)
  })

  it('reaches the engine in a record with nothing but the contract’s properties', async () => {
    const given: object[] = []
    const store = site()
    const spy = { ...store.engine }
    for (const method of ['create', 'save', 'touch'] as const) {
      spy[method] = (id: string, record: SessionRecord) => {
        given.push(record)
        return store.engine[method](id, record) as never
      }
    }
    const codec = signedCodec({ secretKey })
    const { visit } = site({ engine: spy, codec, saveEveryRequest: true, clock: store.clock })

    const { cookie } = await visit({}, (session) => session.set('a', 1))
    await visit({ cookie }, (session) => session.set('a', 2))
    await visit({ cookie }, (session) => session.get('a'))

    expect(given).toHaveLength(3)
    for (const record of given) expect(Object.keys(record)).toEqual(['data', 'expiresAt'])
  })
})

describe('another program’s reserved key', () => {
  const theirs = { _session_security: '2026-11-23T09:00:00', _session_init_timestamp_: 1_700_000 }

  async function withTheirs() {
    const made = site()
    const { cookie } = await made.visit({}, (session) => session.set('cart', [1]))
    for (const [id, record] of made.engine.records) {
      made.engine.records.set(id, { ...record, data: JSON.stringify({ cart: [1], ...theirs }) })
    }
    const texts = () =>
      [...made.engine.records.values()].map(({ data }) => JSON.parse(data) as unknown)
    return { ...made, cookie, texts }
  }

  it('is not part of the dictionary', async () => {
    const { cookie, visit } = await withTheirs()

    await visit({ cookie }, (session) => expect(session.toObject()).toEqual({ cart: [1] }))
  })

  it('is preserved by every save, and by a rotation', async () => {
    const { cookie, visit, texts } = await withTheirs()

    const changed = await visit({ cookie }, (session) => session.set('seen', 1))
    expect(texts()).toEqual([{ cart: [1], seen: 1, ...theirs }])

    await visit({ cookie: changed.cookie }, (session) => session.cycleKey())
    expect(texts()).toContainEqual({ cart: [1], seen: 1, ...theirs })
  })

  it('keeps the other program’s value if that was saved first', async () => {
    const { cookie, engine, manager, texts } = await withTheirs()
    const session = await manager.openFromCookies(cookie).load()
    for (const [id, record] of engine.records) {
      const data = JSON.stringify({ cart: [1], _session_security: 'later' })
      engine.records.set(id, { ...record, data, version: 'later' })
    }

    await session.set('seen', 1).save()

    expect(texts()).toEqual([{ cart: [1], seen: 1, _session_security: 'later' }])
  })

  it('causes no write', async () => {
    const { cookie, visit } = await withTheirs()

    expect((await visit({ cookie }, (session) => session.data)).calls).toEqual(['load'])
  })

  it.each(['clear', 'flush'] as const)('ends with %s()', async (member) => {
    const { cookie, visit, texts } = await withTheirs()

    await visit({ cookie }, (session) => session[member]())

    expect(JSON.stringify(texts())).not.toContain('_session_security')
  })
})
