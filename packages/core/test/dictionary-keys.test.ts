import { describe, expect, it } from 'vitest'
import { InvalidSettingError } from '../src/errors.ts'
import { SessionBase } from '../src/session/session-base.ts'
import { site } from './support/site.ts'

describe('keys', () => {
  const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', '10', '9', '']

  it.each(odd)(
    'treats %j as a key like any other, in memory and through the store',
    async (key) => {
      const { visit, manager } = site()

      const { cookie } = await visit({}, (session) => {
        expect(session.has(key)).toBe(false)
        expect(session.get(key)).toBeUndefined()
        session.set(key, { nested: true })
        expect(session.pop(key)).toEqual({ nested: true })
        expect(session.has(key)).toBe(false)
        session.update({ [key]: ['kept'] })
      })
      const loaded = await manager.openFromCookies(cookie).load()

      expect([...loaded.keys()]).toEqual([key])
      expect(loaded.get(key)).toEqual(['kept'])
      expect(Object.getOwnPropertyDescriptor(loaded.toObject(), key)?.value).toEqual(['kept'])
      expect(({} as Record<string, unknown>).nested).toBeUndefined()
      expect(loaded.delete(key)).toBe(true)
      expect(loaded.size).toBe(0)
    },
  )

  it('cause no write by their order, which JavaScript changes for integers', async () => {
    const { visit } = site()
    const { cookie } = await visit({}, (session) => session.update({ b: 1, 10: 2, a: 3, 9: 4 }))

    const { calls } = await visit({ cookie }, (session) => session.data)

    expect(calls).toEqual(['load'])
  })

  it.each([
    [new Map([['a', 1]])],
    [Promise.resolve({ a: 1 })],
    ['ab'],
    [['a']],
    [null],
    [undefined],
  ])('update(%o) throws: it takes an object of keys and values', (values) => {
    const session = new SessionBase()

    expect(() => session.update(values as never)).toThrow(/session\.update takes an object/)
    expect(session.modified).toBe(false)
  })

  it.each(['set', 'modify', 'setDefault', 'update'] as const)(
    '%s rejects reserved keys, and changes nothing',
    (method) => {
      const session = new SessionBase()
      const change = {
        set: () => session.set('_session_expiry', 1),
        modify: () => session.modify('_session_created', () => 1),
        setDefault: () => session.setDefault('_session_successor', 'x'),
        update: () => session.update({ cat: 'dog', _session_anything: 1 }),
      }[method]

      expect(change).toThrow(InvalidSettingError)
      expect(change).toThrow(/_session_.*another key/)
      expect(session.modified).toBe(false)
      expect(session.toObject()).toEqual({})
    },
  )

  it('reserved keys are hidden from every method', async () => {
    const { visit, manager } = site({ absoluteAge: 600 })
    const { cookie } = await visit({}, (session) => session.setExpiry(60))

    const session = await manager.openFromCookies(cookie).load()

    expect(session.size).toBe(0)
    expect([...session.keys()]).toEqual([])
    expect(session.has('_session_expiry')).toBe(false)
    expect(session.get('_session_created')).toBeUndefined()
    expect(session.delete('_session_expiry')).toBe(false)
    expect(session.toObject()).toEqual({})
    expect(Object.keys(session.data)).toEqual([])
  })

  it.each([5, undefined, null, Symbol('key')])('must be strings: %s is rejected', (key) => {
    const session = new SessionBase()

    for (const change of ['set', 'modify', 'setDefault'] as const) {
      expect(() => session[change](key as never, () => 1)).toThrow(InvalidSettingError)
    }

    expect(session.modified).toBe(false)
    expect(session.size).toBe(0)
  })

  it('other keys that begin with an underscore are ordinary keys', () => {
    const session = new SessionBase()

    session.set('_auth_user_id', '1').set('_csrftoken', 'x')

    expect([...session.keys()]).toEqual(['_auth_user_id', '_csrftoken'])
  })
})
