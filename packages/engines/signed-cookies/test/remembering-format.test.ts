import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { CookieContext, UnsealedRecord } from '@sessions/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Format } from '../src/format.ts'
import { rememberingFormat } from '../src/remembering-format.ts'
import { CONTEXT } from './engines.ts'

/** A format that only pretends to seal, and notes which values it was asked to unseal. */
function pretendedFormat(): Format & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    seal: ({ data, expiresAt }, { cookieName }) => `${cookieName}|${expiresAt}|${data}`,
    unseal(value, { cookieName }) {
      asked.push(value)
      const [name, expiresAt, data] = value.split('|')
      if (name !== cookieName || data === undefined) return undefined
      return { data, expiresAt: Number(expiresAt), renew: data.startsWith('old') }
    },
  }
}

/** Returns a function that collects garbage at once. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

/** The capacity of a generation, in characters. */
const GENERATION = 262_144
const OTHER: CookieContext = { ...CONTEXT, cookieName: 'other' }

describe('a format that remembers', () => {
  let inner: ReturnType<typeof pretendedFormat>
  let format: Format
  beforeEach(() => {
    inner = pretendedFormat()
    format = rememberingFormat(inner)
  })

  const seal = (data: string, context = CONTEXT): string =>
    format.seal({ data, expiresAt: 7 }, context)
  /** Whether it unseals a value without asking the format beneath. */
  const remembers = (value: string): boolean => {
    const before = inner.asked.length
    expect(format.unseal(value, CONTEXT)).toBeDefined()
    return inner.asked.length === before
  }
  /** Seals other sessions, of some 1000 characters each. */
  const fill = (characters: number): void => {
    for (let sealed = 0; sealed < characters;) {
      const data = `${sealed}`.padEnd(500, '.')
      sealed += seal(data).length + data.length
    }
  }

  it('opens a value that it has sealed with the same result as any other', () => {
    const value = format.seal({ data: 'a', expiresAt: 6.5, attributes: { user: 1 } }, CONTEXT)

    expect(format.unseal(value, CONTEXT)).toEqual({ data: 'a', expiresAt: 7, renew: false })
    expect(inner.asked).toEqual([])
    expect(inner.unseal(value, CONTEXT)).toEqual({ data: 'a', expiresAt: 7, renew: false })
  })

  it('opens a value of an old secret once, and asks each time to have it sealed anew', () => {
    const value = inner.seal({ data: 'old', expiresAt: 7 }, CONTEXT)

    for (let time = 0; time < 3; time += 1) {
      expect(format.unseal(value, CONTEXT)).toEqual({ data: 'old', expiresAt: 7, renew: true })
    }
    expect(inner.asked).toEqual([value])
  })

  it('remembers a value only for the cookie that it belongs to', () => {
    const value = seal('a')

    expect(format.unseal(value, OTHER)).toBeUndefined()
    expect(format.unseal(value, OTHER)).toBeUndefined()
    expect(inner.asked).toEqual([value, value])
    expect(remembers(value)).toBe(true)
  })

  it('does not mistake a value with the same ending for one that it remembers', () => {
    const value = seal('a'.repeat(100))
    const changed = value.replace('|7|', '|8|')

    expect(format.unseal(changed, CONTEXT)?.expiresAt).toBe(8)
    expect(inner.asked).toEqual([changed])
    expect(format.unseal(value, CONTEXT)?.expiresAt).toBe(7)
  })

  it('does not remember a value that does not verify', () => {
    expect(format.unseal('sessionid|7', CONTEXT)).toBeUndefined()
    expect(format.unseal('sessionid|7', CONTEXT)).toBeUndefined()
    expect(inner.asked).toHaveLength(2)
  })

  it('does not remember data with a lone surrogate, which sealing would change', () => {
    expect(remembers(seal('a\udc00'))).toBe(false)
    expect(remembers(seal('\u{1f511}'))).toBe(true)
  })

  it('returns a new record each time', () => {
    const value = seal('a')
    const record = format.unseal(value, CONTEXT) as {
      -readonly [K in keyof UnsealedRecord]: unknown
    }
    record.data = 'b'

    expect(format.unseal(value, CONTEXT)?.data).toBe('a')
  })

  it('remembers at least one generation of sessions, and at most two', () => {
    const first = seal('first')

    fill(GENERATION * 0.99)
    expect(remembers(first)).toBe(true)

    fill(GENERATION * 2)
    expect(remembers(first)).toBe(false)
  })

  it('keeps remembering a session that is in use, however many others come', () => {
    const used = seal('used')
    const idle = seal('idle')
    for (let round = 0; round < 5; round += 1) {
      fill(GENERATION * 0.9)
      expect(remembers(used)).toBe(true)
    }
    expect(remembers(idle)).toBe(false)
  })

  it('does not keep the Cookie header alive from which a value was sliced', () => {
    const opening = rememberingFormat({ ...inner, unseal: () => ({ data: '{}', expiresAt: 7 }) })
    const collectGarbage = garbageCollector()
    collectGarbage()
    const before = process.memoryUsage().heapUsed

    for (let time = 0; time < 100; time += 1) {
      const header = Buffer.alloc(1_000_000, `; sessionid=value ${time} of a session`).toString()
      opening.unseal(header.slice(-500), CONTEXT)
    }

    collectGarbage()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000)
  })

  it('does not remember a session that would evict too many others', () => {
    const small = seal('small')
    const data = 'x'.repeat(GENERATION / 32)

    for (let time = 0; time < 100; time += 1) expect(remembers(seal(`${time}${data}`))).toBe(false)

    expect(remembers(small)).toBe(true)
    expect(remembers(seal(data.slice(100)))).toBe(true)
  })
})
