import { parse, stringify } from 'superjson'
import { describe, expect, it } from 'vitest'
import { SessionSerializationError } from '../src/errors.ts'
import type { Serializer } from '../src/payload/serializer.ts'
import { caught, site } from './support/site.ts'

/** A richer serializer, which is used as it is. */
const rich: Serializer = { dumps: stringify, loads: parse }

/** A class whose methods need `this`. */
class TaggedJson implements Serializer {
  readonly #tag = 'v1:'

  dumps(value: unknown): string {
    return this.#tag + JSON.stringify(value)
  }

  loads(text: string): unknown {
    return JSON.parse(text.slice(this.#tag.length))
  }
}

describe('a custom serializer', () => {
  it('restores Dates, Maps, Sets and BigInts', async () => {
    const { data, visit } = site({ serializer: rich })
    const values = {
      when: new Date(0),
      map: new Map([['a', { b: 1 }]]),
      set: new Set([1]),
      big: 10n,
      none: undefined,
    }

    const { cookie } = await visit({}, (session) => session.update(values))

    expect(await data(cookie)).toEqual(values)
  })

  it('detects changes inside a Map', async () => {
    const { data, visit } = site({ serializer: rich })
    const { cookie } = await visit({}, (session) => session.set('map', new Map([['a', 1]])))

    const reading = await visit({ cookie }, (session) => session.get('map').get('a'))
    const writing = await visit({ cookie }, (session) => session.get('map').set('b', 2))

    expect(reading.calls).toEqual(['load'])
    expect(writing.calls).toEqual(['load', 'save'])
    expect(await data(cookie)).toEqual({
      map: new Map([
        ['a', 1],
        ['b', 2],
      ]),
    })
  })

  it('supports the expiry, the creation time and the replay of conflicts', async () => {
    const { clock, data, visit } = site({ serializer: rich, absoluteAge: 100 })
    const { cookie } = await visit({}, (session) => session.set('a', new Date(0)).setExpiry(50))

    await visit({ cookie }, async (session) => {
      session.modify('n', (n = 0) => n + 1)
      await visit({ cookie }, (other) => other.modify('n', (n = 0) => n + 10))
    })

    expect(await data(cookie)).toEqual({ a: new Date(0), n: 11 })
    clock.pass(50)
    expect(await data(cookie)).toEqual({})
  })

  it('may be an instance of a class, whose nested changes survive a conflict as well', async () => {
    const { data, visit } = site({ serializer: new TaggedJson() })
    const { cookie } = await visit({}, (session) => session.update({ cart: [1], n: 0 }))

    await visit({ cookie }, async (session) => {
      session.get('cart').push(2)
      session.modify('n', (n) => n + 1)
      await visit({ cookie }, (other) => other.modify('n', (n) => n + 10))
    })

    expect(await data(cookie)).toEqual({ cart: [1, 2], n: 11 })
  })

  it.each(['serializer', 'codec'] as const)(
    'fails the commit with the cause if the %s throws',
    async (which) => {
      const cause = new Error('too much')
      const fail = () => {
        throw cause
      }
      const { visit } = site({
        [which]: { dumps: fail, encode: fail, loads: JSON.parse, decode: String },
      })

      const error = await caught(() => visit({}, (session) => session.set('a', 1)))

      expect(error).toBeInstanceOf(SessionSerializationError)
      expect(error).toMatchObject({ cause, status: 500 })
      expect(String(error)).toContain(`the ${which} threw an error`)
    },
  )

  it.each(['serializer', 'codec'] as const)(
    'fails the commit, and nothing is stored, if the %s returns a promise',
    async (which) => {
      const later = (async () => '{}') as unknown as () => string
      const { engine, visit } = site({
        [which]: { dumps: later, encode: later, loads: JSON.parse, decode: String },
      })

      const error = await caught(() => visit({}, (session) => session.set('a', 1)))

      expect(error).toBeInstanceOf(SessionSerializationError)
      expect(String(error)).toContain(
        `the ${which} must return a string synchronously, and returned a Promise`,
      )
      expect(engine.records.size).toBe(0)
    },
  )
})
