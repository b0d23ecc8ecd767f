import { describe, expect, it } from 'vitest'
import { fromBase62, toBase62 } from '../src/signing/base62.ts'
import { fc } from './support/fast-check.ts'

describe('base62', () => {
  it('encodes and decodes integers', () => {
    for (const value of [
      -(10 ** 10),
      10 ** 10,
      1620378259,
      -1,
      1,
      61,
      62,
      Number.MAX_SAFE_INTEGER,
    ]) {
      expect(fromBase62(toBase62(value))).toBe(value)
    }
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(fromBase62(toBase62(value))).toBe(value)
      }),
    )
  })

  it.each([
    [0, '0'],
    [-0, '0'],
    [9, '9'],
    [10, 'A'],
    [35, 'Z'],
    [36, 'a'],
    [61, 'z'],
    [62, '10'],
    [-62, '-10'],
    [1_700_000_000, '1r31eq'],
  ])('encodes %o as %s', (value, text) => {
    expect(toBase62(value)).toBe(text)
    expect(fromBase62(text)).toBe(value + 0)
  })

  it.each(['', '-', '--1', '1-', ' 1', '1 ', '+1', '1.5', '\u0661', 'zzzzzzzzzz'])(
    'decodes %o as undefined',
    (text) => {
      expect(fromBase62(text)).toBeUndefined()
    },
  )

  it('decodes zero with a sign or with several digits', () => {
    expect(fromBase62('-0')).toBe(0)
    expect(fromBase62('000')).toBe(0)
  })

  it.each([1.5, NaN, Infinity, 2 ** 53])('throws when encoding %d', (value) => {
    expect(() => toBase62(value)).toThrow(RangeError)
  })
})
