import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { InvalidSettingError, SessionEngineError } from '../src/errors.ts'
import { handleOf, isSessionKey, newSessionKey } from '../src/session/session-key.ts'
import type { Session } from '../src/session/session.ts'
import { SessionBase } from '../src/session/session-base.ts'
import { caught, keyIn, site } from './support/site.ts'
import { fc } from './support/fast-check.ts'

const KEY = /^[a-z0-9]{32}$/
const unknown = 'a'.repeat(32)

describe('newSessionKey', () => {
  it('is 32 characters of a-z and 0-9, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        // The last chunk ends a source of nothing but biased bytes.
        const random = () => Uint8Array.of(...bytes, 7)

        expect(newSessionKey(random)).toMatch(KEY)
      }),
    )
  })

  it('draws each character from as many bytes as every other', () => {
    const counts = new Map<string, number>()
    for (let byte = 0; byte < 256; byte++) {
      // A byte that would favour some characters is skipped.
      const [character = ''] = newSessionKey(() =>
        Uint8Array.of(byte, ...Array<number>(40).fill(250)).fill(byte < 252 ? byte : 0),
      )
      if (byte < 252) counts.set(character, (counts.get(character) ?? 0) + 1)
    }

    expect(counts.size).toBe(36)
    expect(new Set(counts.values())).toEqual(new Set([7]))
  })

  it('skips the bytes that would favour some characters', () => {
    const batches = [Uint8Array.of(252, 253, 254, 255), Uint8Array.from({ length: 32 }, () => 1)]

    expect(newSessionKey(() => batches.shift() ?? new Uint8Array())).toBe('b'.repeat(32))
  })
})

describe('isSessionKey', () => {
  it.each([
    ['32 of a-z and 0-9', 'abcdefghijklmnopqrstuvwxyz012345', true],
    ['an empty string', '', false],
    ['one character', '1', false],
    ['31 characters', 'a'.repeat(31), false],
    ['33 characters', 'a'.repeat(33), false],
    ['capitals', 'A'.repeat(32), false],
    ['a line break at the end', `${'a'.repeat(32)}\n`, false],
    ['a line break as the last character', `${'a'.repeat(31)}\n`, false],
    ['a slash', `${'a'.repeat(31)}/`, false],
    ['a backslash', `${'a'.repeat(31)}\\`, false],
    ['letters that are not ASCII', 'é'.repeat(32), false],
    ['spaces', ' '.repeat(32), false],
    ['1240 characters', 'a'.repeat(1240), false],
  ])('of %s', (_, text, answer) => {
    expect(isSessionKey(text)).toBe(answer)
  })
})

describe('the key of a session', () => {
  it('is undefined before the first save, and then the cookie’s value', async () => {
    const { visit } = site()
    const keys: (string | undefined)[] = []

    const { cookie } = await visit({}, async (session) => {
      keys.push(session.sessionKey)
      session.set('a', 1)
      keys.push(session.sessionKey)
      await session.save()
      keys.push(session.sessionKey)
    })

    expect(keys).toEqual([undefined, undefined, keyIn(cookie)])
    expect(keyIn(cookie)).toMatch(KEY)
  })

  it('is undefined before load and after flush', async () => {
    const { manager, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const unloaded = manager.open(keyIn(cookie))

    expect((unloaded as Session).sessionKey).toBeUndefined()
    expect((unloaded as Session).handle).toBeUndefined()
    const session = await unloaded.load()
    expect(session.sessionKey).toBe(keyIn(cookie))
    session.flush()
    expect(session.sessionKey).toBeUndefined()
  })

  it('cannot be assigned', () => {
    const session = new SessionBase()

    expect(() => Object.assign(session, { sessionKey: unknown })).toThrow(TypeError)
    expect(session.sessionKey).toBeUndefined()
  })

  it('stays the old one after cycleKey until the new one is stored', async () => {
    const { manager, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const session = await manager.openFromCookies(cookie).load()

    session.cycleKey()
    expect(session.sessionKey).toBe(keyIn(cookie))
    await session.save()

    expect(session.sessionKey).toMatch(KEY)
    expect(session.sessionKey).not.toBe(keyIn(cookie))
  })

  it('reaches the engine only as its digest', async () => {
    const { engine, visit } = site()

    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const digest = createHash('sha256').update(keyIn(cookie)).digest('hex')
    expect([...engine.records.keys()]).toEqual([digest])
  })

  it('reaches the engine unchanged with hashKeys: false', async () => {
    const { data, engine, visit } = site({ hashKeys: false })

    const { cookie } = await visit({}, (session) => session.set('a', 1))

    expect([...engine.records.keys()]).toEqual([keyIn(cookie)])
    expect(await data(cookie)).toEqual({ a: 1 })
  })

  it('has a handle: the beginning of its digest', async () => {
    const { manager, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const session = await manager.openFromCookies(cookie).load()

    const digest = createHash('sha256').update(keyIn(cookie)).digest('hex')
    expect(session.handle).toBe(digest.slice(0, 16))
    expect(handleOf(keyIn(cookie))).toBe(session.handle)
  })

  it('is drawn again if the store already has it', async () => {
    const { engine, manager } = site({ random: keys('a', 'a', 'b') })

    const first = manager.open()
    await first.save()
    const second = manager.open()
    await second.save()

    expect(first.sessionKey).toBe('a'.repeat(32))
    expect(second.sessionKey).toBe('b'.repeat(32))
    expect(engine.calls).toEqual(['create', 'create', 'create'])
  })

  it('is not drawn forever: a store in which every key is taken has failed', async () => {
    const { engine, manager } = site({ random: keys('a') })
    await manager.open().save()

    const error = await caught(() => manager.open().save())

    expect(error).toBeInstanceOf(SessionEngineError)
    expect(error).toMatchObject({ engine: 'map', operation: 'create', status: 503 })
    const nameless = site({ random: keys('a'), engine: { ...engine, name: undefined } })
    expect(await caught(() => nameless.manager.open().save())).toMatchObject({ engine: 'session' })
  })

  it.each([
    ['an unknown key', unknown],
    ['a short key', '1'],
    ['a long key', 'a'.repeat(1240)],
    ['an empty key', ''],
    ['a path', '../../../../etc/passwd'],
    ['a key with backslashes', 'a\\b\\c'],
  ])('is never adopted from a client: %s', async (_, key) => {
    const { data, visit } = site()

    const { cookie } = await visit({ cookie: `sessionid=${key}` }, (session) => session.set('a', 1))

    expect(keyIn(cookie)).toMatch(KEY)
    expect(keyIn(cookie)).not.toBe(key)
    expect(await data(cookie)).toEqual({ a: 1 })
    expect(await data(`sessionid=${key}`)).toEqual({})
  })

  it.each(['', '1', 'a'.repeat(31), `${'a'.repeat(31)}A`, 'é'.repeat(32), ' '.repeat(32)])(
    'does not reach the engine if it is malformed: %j',
    async (key) => {
      const { engine, manager, visit } = site()

      const { calls } = await visit({ cookie: `sessionid=${key}` }, (session) => session.get('a'))
      const session = await manager.open(key).load()

      expect(calls).toEqual([])
      expect(engine.calls).toEqual([])
      expect(session.isEmpty).toBe(true)
    },
  )

  it.each([null, 5, {}])('must be a string, not %j', (key) => {
    expect(() => site().manager.open(key as string)).toThrow(InvalidSettingError)
  })
})

/** A random source for keys of one repeated letter each. The last letter is repeated forever. */
function keys(...letters: string[]): (size: number) => Uint8Array {
  return (size) => {
    const letter = letters.length > 1 ? letters.shift() : letters[0]
    return new Uint8Array(size).fill((letter ?? 'a').charCodeAt(0) - 97)
  }
}
