import { describe, expect, it } from 'vitest'
import { fakeClock, seededRandom } from '../src/index.ts'

describe('fakeClock', () => {
  it('stands still until it is moved', () => {
    const clock = fakeClock(1000)
    expect([clock.now(), clock.now()]).toEqual([1000, 1000])

    clock.advance(1)
    expect(clock.now()).toBe(1001)

    clock.set(5)
    expect(clock.now()).toBe(5)
  })

  it('starts at the beginning of 2026 by default, and its methods work detached', () => {
    const { now } = fakeClock()
    expect(new Date(now()).toISOString()).toBe('2026-01-01T00:00:00.000Z')
  })
})

describe('seededRandom', () => {
  it('returns the same bytes for the same seed, and different ones for another seed', () => {
    const bytes = seededRandom(7)(64)
    expect(seededRandom(7)(64)).toEqual(bytes)
    expect(seededRandom(8)(64)).not.toEqual(bytes)
  })

  it('continues its sequence from call to call', () => {
    const random = seededRandom()
    expect(random(16)).not.toEqual(random(16))
  })

  it('produces every byte value', () => {
    expect(new Set(seededRandom()(10_000)).size).toBe(256)
  })
})
