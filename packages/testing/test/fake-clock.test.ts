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

  it('begins with the year 2026, and may be taken apart', () => {
    const { now } = fakeClock()
    expect(new Date(now()).toISOString()).toBe('2026-01-01T00:00:00.000Z')
  })
})

describe('seededRandom', () => {
  it('gives the same bytes for the same seed, and others for another', () => {
    const bytes = seededRandom(7)(64)
    expect(seededRandom(7)(64)).toEqual(bytes)
    expect(seededRandom(8)(64)).not.toEqual(bytes)
  })

  it('goes on where it stopped', () => {
    const random = seededRandom()
    expect(random(16)).not.toEqual(random(16))
  })

  it('spreads over all bytes', () => {
    expect(new Set(seededRandom()(10_000)).size).toBe(256)
  })
})
