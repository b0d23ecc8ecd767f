import * as fc from 'fast-check'
import { platform } from '@sessions/core/platform'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { all, CONTEXT, own, RECORD } from './engines.ts'
import { OTHER_SECRET } from './visitor.ts'

/** The characters that a cookie's value may hold (RFC 6265, section 4.1.1) without quotes. */
const COOKIE_OCTETS = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/

const anyJson = fc.json({ maxDepth: 3 })
const anyDeadline = fc.integer({ min: 0, max: 8_640_000_000_000_000 })

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(all)('%s', (_, make) => {
  const engine = make()
  /** Has sealed nothing of it. */
  const reader = make()

  it('opens what it or another process has sealed', () => {
    fc.assert(
      fc.property(anyJson, (data) => {
        const sealed = engine.seal({ ...RECORD, data }, CONTEXT)
        const opened = reader.unseal(sealed, CONTEXT)
        expect(JSON.parse(opened?.data ?? '')).toEqual(JSON.parse(data))
        expect(opened?.renew ?? false).toBe(false)
        expect(engine.unseal(sealed, CONTEXT)).toEqual(opened)
        expect(reader.unseal(sealed, CONTEXT)).toEqual(opened)
      }),
    )
  })

  it('writes only characters that a cookie may hold', () => {
    fc.assert(
      fc.property(anyJson, (data) => {
        expect(engine.seal({ ...RECORD, data }, CONTEXT)).toMatch(COOKIE_OCTETS)
      }),
    )
  })

  it('refuses a value with any bit flipped, even if it has just opened the original', () => {
    const sealed = engine.seal(RECORD, CONTEXT)
    expect(engine.unseal(sealed, CONTEXT)).toMatchObject({ data: RECORD.data })
    for (let index = 0; index < sealed.length; index += 1) {
      for (let bit = 1; bit < 256; bit *= 2) {
        const flipped = String.fromCharCode(sealed.charCodeAt(index) ^ bit)
        const value = sealed.slice(0, index) + flipped + sealed.slice(index + 1)
        expect(engine.unseal(value, CONTEXT)).toBeUndefined()
      }
    }
  })

  it('refuses a value that was truncated or extended', () => {
    const sealed = engine.seal(RECORD, CONTEXT)
    for (let length = 0; length < sealed.length; length += 1) {
      expect(engine.unseal(sealed.slice(0, length), CONTEXT)).toBeUndefined()
      expect(engine.unseal(sealed.slice(length + 1), CONTEXT)).toBeUndefined()
    }
    for (const more of ['=', '==', 'A', '.', ' ', '\n', '\ud800', sealed]) {
      expect(engine.unseal(sealed + more, CONTEXT)).toBeUndefined()
      expect(engine.unseal(more + sealed, CONTEXT)).toBeUndefined()
    }
  })

  it('refuses any other value, and never throws', () => {
    const sealed = engine.seal(RECORD, CONTEXT)
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
    )
    const anyValue = fc.oneof(
      anyText,
      anyText.map((text) => `s1.${text}.k.${text}`),
      anyText.map((text) => `z1.${text}.0.${text}`),
      anyText.map((text) => `e1.${text}`),
      anyText.map((text) => `${text}:1r31eq:${text}`),
      fc.tuple(anyText, fc.nat(sealed.length)).map(([text, at]) => sealed.slice(0, at) + text),
    )
    fc.assert(
      fc.property(anyValue, (value) => {
        fc.pre(value !== sealed)
        expect(engine.unseal(value, CONTEXT)).toBeUndefined()
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses a value that was sealed with another secret', () => {
    const sealed = make({ secretKey: OTHER_SECRET }).seal(RECORD, CONTEXT)
    expect(engine.unseal(sealed, CONTEXT)).toBeUndefined()
  })

  it('opens a value that was sealed with a fallback, and asks to have it sealed anew', () => {
    const sealed = make({ secretKey: OTHER_SECRET }).seal(RECORD, CONTEXT)
    const rotated = make({ secretKeyFallbacks: ['x'.repeat(40), OTHER_SECRET] })

    for (let time = 0; time < 2; time += 1) {
      expect(rotated.unseal(sealed, CONTEXT)).toMatchObject({ data: RECORD.data, renew: true })
    }
    const renewed = rotated.seal(RECORD, CONTEXT)
    expect(rotated.unseal(renewed, CONTEXT)?.renew).toBe(false)
    expect(engine.unseal(renewed, CONTEXT)).toMatchObject({ data: RECORD.data })
  })

  it('refuses a value that another format has sealed with the same secret', () => {
    for (const [, other] of all) {
      const sealed = other().seal(RECORD, CONTEXT)
      const isOwn = other === make
      expect(engine.unseal(sealed, CONTEXT) !== undefined).toBe(isOwn)
    }
  })

  it('derives each key once, at its first use', () => {
    const derivations = (['hkdf', 'hash'] as const).map((name) => vi.spyOn(platform, name))
    const count = (): number => derivations.reduce((sum, { mock }) => sum + mock.calls.length, 0)
    const fresh = make({ secretKeyFallbacks: [OTHER_SECRET] })
    expect(count()).toBe(0)

    const sealed = fresh.seal(RECORD, CONTEXT)
    fresh.unseal(sealed, CONTEXT)
    const first = count()
    expect(first).toBeGreaterThan(0)
    for (let round = 0; round < 10; round += 1) {
      fresh.unseal(fresh.seal(RECORD, CONTEXT), CONTEXT)
    }
    expect(count()).toBe(first)
  })
})

describe.each(own)('%s', (_, make) => {
  const engine = make()
  /** Has sealed nothing of it. */
  const reader = make()

  it('keeps the deadline inside the seal', () => {
    fc.assert(
      fc.property(anyDeadline, (expiresAt) => {
        const sealed = engine.seal({ data: '{}', expiresAt }, CONTEXT)
        const context = { ...CONTEXT, cookieAge: 1 }
        expect(reader.unseal(sealed, context)?.expiresAt).toBe(expiresAt)
        expect(engine.unseal(sealed, context)?.expiresAt).toBe(expiresAt)
      }),
    )
  })

  it('keeps any text, JSON or not', () => {
    const anyText = fc.string({ unit: 'grapheme', maxLength: 3000 })
    fc.assert(
      fc.property(anyText, (data) => {
        const sealed = engine.seal({ ...RECORD, data }, CONTEXT)
        expect(reader.unseal(sealed, CONTEXT)?.data).toBe(data)
        expect(engine.unseal(sealed, CONTEXT)?.data).toBe(data)
      }),
    )
  })

  it('replaces a lone surrogate, whether or not it has sealed the value itself', () => {
    const sealed = engine.seal({ ...RECORD, data: 'a\ud800b' }, CONTEXT)
    expect(reader.unseal(sealed, CONTEXT)?.data).toBe('a\ufffdb')
    expect(engine.unseal(sealed, CONTEXT)?.data).toBe('a\ufffdb')
  })

  it('refuses a value in a cookie of another name', () => {
    const sealed = engine.seal(RECORD, CONTEXT)
    for (const cookieName of ['sessionid2', 'session', '__Host-sessionid', '']) {
      expect(engine.unseal(sealed, { ...CONTEXT, cookieName })).toBeUndefined()
      expect(reader.unseal(sealed, { ...CONTEXT, cookieName })).toBeUndefined()
    }
  })

  it('rounds a fractional deadline up to a whole millisecond', () => {
    const sealed = engine.seal({ data: '{}', expiresAt: 1000.25 }, CONTEXT)
    expect(reader.unseal(sealed, CONTEXT)?.expiresAt).toBe(1001)
    expect(engine.unseal(sealed, CONTEXT)?.expiresAt).toBe(1001)
  })
})
