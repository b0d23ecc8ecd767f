import { describe, expect, it, vi } from 'vitest'
import { InvalidSettingError } from '../src/errors.ts'
import { SessionBase } from '../src/session/session-base.ts'
import { site } from './support/site.ts'

const { manager } = site()

describe('assigning a property that sessions do not have', () => {
  it('throws, and names the remedy', () => {
    const session = manager.open() as unknown as Record<string, unknown>
    const assign = (): unknown => (session['userId'] = '42')

    expect(assign).toThrow(InvalidSettingError)
    expect(assign).toThrow(
      "session.userId cannot be assigned: write `session.set('userId', …)` or `session.data.userId = …`.",
    )
    expect(Object.keys(session)).toEqual([])
  })

  it('throws in sloppy mode too, and before the session is loaded', () => {
    // oxlint-disable-next-line typescript/no-implied-eval -- a module is always in strict mode
    const assign = new Function('session', 'session.secret = 1') as (session: object) => void

    expect(() => assign(manager.openFromCookies(`sessionid=${'a'.repeat(32)}`))).toThrow(
      'session.secret cannot be assigned',
    )
    expect(() => assign(new SessionBase())).toThrow('session.secret cannot be assigned')
  })

  it('is allowed for a symbol', () => {
    const trace = Symbol('trace')
    expect(Object.assign(manager.open(), { [trace]: 1 })[trace]).toBe(1)
  })
})

it.each(['data', 'size', 'handle', 'sessionKey'])(
  'assigning the read-only property %s throws, in sloppy mode too',
  (name) => {
    const session = manager.open()
    // oxlint-disable-next-line typescript/no-implied-eval -- a module is always in strict mode
    const assign = new Function('session', `session.${name} = { a: 1 }`) as (to: object) => void

    expect(() => assign(session)).toThrow(TypeError)
    expect(() => assign(session)).toThrow(`session.${name} is read-only`)
    expect(session.set(name, { a: 1 }).toObject()).toEqual({ [name]: { a: 1 } })
  },
)

it('session.modified can be assigned, and methods can be spied on', () => {
  const session = manager.open()
  session.modified = true
  const spy = vi.spyOn(session, 'get').mockReturnValue('mocked')

  expect(session.modified).toBe(true)
  expect(session.get('views')).toBe('mocked')
  spy.mockRestore()
  expect(session.get('views')).toBeUndefined()
})

it('a session inherits from Object.prototype', () => {
  const session = manager.open()
  expect(session).toBeInstanceOf(Object)
  expect('toString' in session).toBe(true)
})
