import { describe, expect, it } from 'vitest'
import { signedCodec } from '../src/codec.ts'
import type { SessionRecord } from '../src/engine.ts'
import { keyIn, site } from './support/site.ts'

const secretKey = 'insecure-test-secret'

describe('a payload that does not decode', () => {
  it.each([
    ['no JSON', undefined, 'not JSON'],
    ['an array', undefined, '[1]'],
    ['null', undefined, 'null'],
    ['a text', undefined, '"text"'],
    ['no signature', signedCodec({ secretKey }), '{"a":1}'],
    ['a wrong signature', signedCodec({ secretKey }), 'bad:encoded:value'],
  ])(
    'is an empty session under the same key, and reported as suspicious: %s',
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
})

describe('the stored payload', () => {
  it('is plain JSON of the data', async () => {
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

  it('is never the object that another request sees', async () => {
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

  it('changes in the store by commit and save alone', async () => {
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

  it('reaches the engine in the record of the contract, and nothing beside it', async () => {
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
