import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { InvalidSettingError } from '../src/errors.ts'
import { createSessions } from '../src/manager/sessions.ts'
import { fakeClock, site } from './support/site.ts'
import { mapEngine } from './support/map-engine.ts'
import type { Session } from '../src/session/session.ts'
import type { Settings } from '../src/settings/settings.ts'

const TWO_WEEKS = 1_209_600
const clock = fakeClock()
const start = clock.now()
const inSeconds = (seconds: number) => new Date(start + seconds * 1000)

function open(settings: Partial<Settings> = {}): Session {
  return createSessions({ engine: mapEngine({ now: clock.now }), clock, ...settings }).open()
}

describe('the expiry of a session', () => {
  it('is that of the settings by default', () => {
    expect(open().getExpiryAge()).toBe(TWO_WEEKS)
    expect(open().getExpiryDate()).toEqual(inSeconds(TWO_WEEKS))
    expect(open({ cookie: { age: 86_400 } }).getExpiryAge()).toBe(86_400)
  })

  it('is that of the settings for a browser-length session', () => {
    const session = open()

    session.setExpiry(0)

    expect(session.getExpiryAge()).toBe(TWO_WEEKS)
    expect(session.getExpiryDate()).toEqual(inSeconds(TWO_WEEKS))
  })

  it('can be seconds from the last save', () => {
    const session = open()
    const modification = inSeconds(-50)

    session.setExpiry(10)

    expect(session.getExpiryAge()).toBe(10)
    expect(session.getExpiryDate()).toEqual(inSeconds(10))
    expect(session.getExpiryDate({ modification })).toEqual(inSeconds(-40))
  })

  it('returns an expiry in seconds unchanged, whenever the session was saved', () => {
    const session = open()

    session.setExpiry(100)

    expect(session.getExpiryAge({ modification: inSeconds(-50) })).toBe(100)
  })

  it('can be a date, whose seconds are rounded down', () => {
    const session = open()
    const modification = inSeconds(0)

    session.setExpiry(inSeconds(10))
    expect(session.getExpiryAge({ modification })).toBe(10)
    expect(session.getExpiryDate({ modification })).toEqual(inSeconds(10))

    session.setExpiry(inSeconds(10.999))
    expect(session.getExpiryAge()).toBe(10)

    session.setExpiry(inSeconds(-0.5))
    expect(session.getExpiryAge()).toBe(-1)
  })

  it('can lie in the past', () => {
    const session = open()

    session.setExpiry(-10)

    expect(session.getExpiryAge()).toBe(-10)
    expect(session.getExpiryDate()).toEqual(inSeconds(-10))
  })

  it('is reset by null', () => {
    const session = open()

    session.setExpiry(null)
    session.setExpiry(10)
    session.setExpiry(null)

    expect(session.getExpiryAge()).toBe(TWO_WEEKS)
    expect(session.isEmpty).toBe(true)
  })

  it.each([
    ['seconds', 10, 10],
    ['a date', inSeconds(20), 20],
    ['a date as Django stores it', '2026-01-01T00:00:30.123456+00:00', 30],
    ['a date as an ISO string of JavaScript', inSeconds(40).toISOString(), 40],
    ['zero', 0, TWO_WEEKS],
    ['null', null, TWO_WEEKS],
    ['an empty string', '', TWO_WEEKS],
    ['NaN', Number.NaN, TWO_WEEKS],
    ['a string that is not a date', 'tomorrow', TWO_WEEKS],
  ])('is computed from %s if passed as an option', (_, expiry, age) => {
    const session = open()
    session.setExpiry(99)

    expect(session.getExpiryAge({ expiry })).toBe(age)
    const milliseconds = expiry === '2026-01-01T00:00:30.123456+00:00' ? 123 : 0
    expect(session.getExpiryDate({ expiry })).toEqual(inSeconds(age + milliseconds / 1000))
  })

  it('is computed without a load if an expiry is passed', () => {
    const { manager } = site()
    const session = manager.open('a'.repeat(32)) as Session

    expect(session.getExpiryAge({ expiry: 10 })).toBe(10)
    expect(session.loaded).toBe(false)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, new Date(Number.NaN), '10', undefined, true])(
    'cannot be %s: setExpiry() says what it takes',
    (value) => {
      const session = open()

      expect(() => session.setExpiry(value as number)).toThrow(InvalidSettingError)
      expect(() => session.setExpiry(value as number)).toThrow(/seconds.*Date.*null/)
      expect(session.modified).toBe(false)
    },
  )

  it.each([1e12, -1e12, Number.MAX_VALUE])(
    'cannot be %d seconds, which exceeds the range of a Date',
    (seconds) => {
      expect(() => open().setExpiry(seconds)).toThrow(InvalidSettingError)
    },
  )

  it('can be a date of another realm', () => {
    const session = open()

    session.setExpiry(runInNewContext(`new Date(${inSeconds(60).getTime()})`) as Date)

    expect(session.getExpiryAge()).toBe(60)
  })

  it('is reset by clear', () => {
    const session = open()
    session.setExpiry(10)

    session.clear()

    expect(session.getExpiryAge()).toBe(TWO_WEEKS)
  })
})

describe('getExpireAtBrowserClose', () => {
  it.each([
    [false, 10, false],
    [false, 0, true],
    [false, null, false],
    [false, inSeconds(10), false],
    [true, 10, false],
    [true, 0, true],
    [true, null, true],
    [true, inSeconds(10), false],
  ])('with the setting %s and setExpiry(%s) is %s', (expireAtBrowserClose, expiry, answer) => {
    const session = open({ expireAtBrowserClose })

    session.setExpiry(expiry)

    expect(session.getExpireAtBrowserClose()).toBe(answer)
  })
})

describe('expireDate', () => {
  it('is the deadline of the last save, for a session opened by its key', async () => {
    const time = fakeClock()
    const manager = createSessions({ engine: mapEngine({ now: time.now }), clock: time })
    const session = manager.open()
    expect(session.expireDate).toBeUndefined()
    session.set('views', 1)
    session.setExpiry(100)
    await session.save()
    const deadline = new Date(time.now() + 100_000)
    time.pass(60)

    const read = await manager.open(session.sessionKey ?? '').load()

    expect(read.toObject()).toEqual({ views: 1 })
    expect(read.expireDate).toEqual(deadline)
    expect(read.getExpiryDate()).toEqual(new Date(time.now() + 100_000))
    read.set('views', 2)
    await read.save()
    expect(read.expireDate).toEqual(new Date(time.now() + 100_000))
    read.flush()
    expect(read.expireDate).toBeUndefined()
  })
})
