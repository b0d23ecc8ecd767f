import { readFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { createSessions, djangoSettings, type Session, Signer } from '@sessions/core'
import { describe, expect, it } from 'vitest'
import { signedCookieEngine } from '../src/index.ts'
import { visitor } from './visitor.ts'

interface Vector {
  readonly name: string
  readonly secret: string
  readonly salt: string
  readonly timestamp: number
  readonly timestamp_b62: string
  readonly json_text: string
  readonly encoded: string
}

interface Vectors {
  readonly salts: { readonly signed_cookies: string }
  readonly vectors: readonly Vector[]
  readonly decode_cases: readonly (Pick<Vector, 'name' | 'secret' | 'encoded'> & {
    readonly expect: unknown
  })[]
  readonly max_age: readonly {
    readonly now: number
    readonly max_age: number
    readonly valid: boolean
  }[]
}

/** Values that Django 5.2 has written and read. */
const vectors = new URL('../../../core/test/vectors/django-signing.json', import.meta.url)
const file = JSON.parse(readFileSync(vectors, 'utf8')) as Vectors

const salt = file.salts.signed_cookies
const vector = file.vectors.find((one) => one.salt === salt) ?? file.vectors[0]
const { secret: secretKey = '', timestamp = 0, encoded = '', json_text: text = '' } = vector ?? {}

const contextAt = (seconds: number, cookieAge = 1_209_600) => ({
  cookieName: 'sessionid',
  cookieAge,
  now: seconds * 1000,
})
const engine = signedCookieEngine({ secretKey, format: 'django' })
const read = (session: Session) => session.get('user')

describe("a cookie of Django's signed_cookies backend", () => {
  it('is written byte for byte', () => {
    const sealed = engine.seal({ data: text, expiresAt: 0 }, contextAt(timestamp))
    expect(vector?.salt).toBe(salt)
    expect(sealed).toBe(encoded)
  })

  it('is read', () => {
    expect(engine.unseal(encoded, contextAt(timestamp))?.data).toBe(text)
  })

  it.each(file.vectors)('is read with the payload and the secret of the vector $name', (other) => {
    const [payload = ''] = other.encoded.split(':')
    const signer = new Signer({ secretKey: other.secret, salt })
    const value = signer.sign(`${payload}:${other.timestamp_b62}`)
    const reader = signedCookieEngine({ secretKey: other.secret, format: 'django' })

    const record = reader.unseal(value, contextAt(other.timestamp))

    expect(record?.data).toBe(other.json_text)
    expect(record?.expiresAt).toBe((other.timestamp + 1_209_600) * 1000 + 1)
  })

  it.each(file.decode_cases.filter((one) => !Array.isArray(one.expect)))(
    'is refused in the case $name',
    (decoding) => {
      const reader = signedCookieEngine({ secretKey: decoding.secret, format: 'django' })
      expect(reader.unseal(decoding.encoded, contextAt(timestamp))).toBeUndefined()
    },
  )

  it.each(file.max_age)('of age $max_age at $now is live as Django says', (age) => {
    const record = engine.unseal(encoded, contextAt(age.now, age.max_age))
    const live = record !== undefined && record.expiresAt > age.now * 1000
    expect(live).toBe(age.valid)
  })

  it('ends cookie.age after it was saved, whatever setExpiry says', async () => {
    const browser = visitor(engine, { cookie: { age: 100 } })
    await browser.visit((session) => {
      session.set('user', 'ada')
      session.setExpiry(1000)
    })
    browser.clock.advance(100_000)
    expect(await browser.data()).toMatchObject({ user: 'ada' })
    browser.clock.advance(1)
    expect(await browser.data()).toEqual({})
    expect(browser.events.at(-1)?.type).toBe('expired')
  })

  it.each([
    ['its own seconds, if these are fewer than cookie.age', 60, 30],
    ['cookie.age, if its own seconds are more', 1000, 50],
    ['cookie.age, if it has the length of the browser session', 0, 50],
  ])('is renewed by a read when half has passed of %s', async (_, expiry, due) => {
    const browser = visitor(engine, { cookie: { age: 99 }, renewAfter: 0.5 })
    await browser.visit((session) => {
      session.set('user', 'ada')
      session.setExpiry(expiry)
    })

    for (let renewals = 0; renewals < 2; renewals++) {
      browser.clock.advance((due - 1) * 1000)
      expect((await browser.visit(read)).setCookie).toEqual([])
      browser.clock.advance(1000)
      expect((await browser.visit(read)).setCookie).toHaveLength(1)
      expect((await browser.visit(read)).setCookie).toEqual([])
    }
  })

  it('that is well signed but holds no dictionary is no session', async () => {
    const browser = visitor(engine)
    browser.jar.set('sessionid', engine.seal({ data: '[1,2]', expiresAt: 0 }, contextAt(0)))
    expect(await browser.data()).toEqual({})
    expect(browser.events.map(({ type }) => type)).toEqual(['suspicious'])
  })

  it('that inflates to more than 16 MiB is refused', () => {
    const bomb = deflateSync(Buffer.alloc(17 * 1024 * 1024, ' ')).toString('base64url')
    const value = new Signer({ secretKey, salt }).sign(`.${bomb}:1r31eq`)
    expect(engine.unseal(value, contextAt(timestamp))).toBeUndefined()
  })

  it('is the same with djangoSettings, whose codec is for payloads on a server', async () => {
    const clock = { now: () => timestamp * 1000 }
    const settings = { ...djangoSettings({ secretKey }), clock }
    const manager = createSessions<{ cart: number[]; lang: string }>({ engine, ...settings })
    const session = manager.openFromCookies('')
    const { data } = await session.load()
    Object.assign(data, JSON.parse(text))

    const { setCookie } = await manager.commit(session, { status: 200 })

    expect(setCookie[0]).toMatch(`sessionid=${encoded};`)
    expect((await manager.openFromCookies(`sessionid=${encoded}`).load()).get('lang')).toBe('en')
  })
})
