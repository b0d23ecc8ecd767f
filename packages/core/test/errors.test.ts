import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import * as errors from '../src/errors.ts'
import type { Session } from '../src/session/session.ts'
import { cookieEngine } from './support/cookie-engine.ts'
import { caught, site } from './support/site.ts'

const cause = new Error('cause')
const foreignError: unknown = runInNewContext("new Error('disk full')")

const all: [error: errors.SessionError, name: string, code: string, status: number | undefined][] =
  [
    [new errors.SessionNotLoadedError('get'), 'SessionNotLoadedError', 'SESSION_NOT_LOADED', 500],
    [new errors.SessionInterruptedError(), 'SessionInterruptedError', 'SESSION_INTERRUPTED', 400],
    [new errors.SessionConflictError('x'), 'SessionConflictError', 'SESSION_CONFLICT', 409],
    [new errors.SessionCommittedError(), 'SessionCommittedError', 'SESSION_COMMITTED', 500],
    [
      new errors.SessionEngineError({ engine: 'redis', operation: 'load', cause }),
      'SessionEngineError',
      'SESSION_ENGINE',
      503,
    ],
    [
      new errors.SessionSerializationError('x'),
      'SessionSerializationError',
      'SESSION_SERIALIZATION',
      500,
    ],
    [new errors.CookieTooLargeError(5000, 4096), 'CookieTooLargeError', 'COOKIE_TOO_LARGE', 500],
    [new errors.BadSignatureError('x'), 'BadSignatureError', 'BAD_SIGNATURE', undefined],
    [
      new errors.SignatureExpiredError(2, 1),
      'SignatureExpiredError',
      'SIGNATURE_EXPIRED',
      undefined,
    ],
    [new errors.InvalidSettingError('a', 'b'), 'InvalidSettingError', 'INVALID_SETTING', undefined],
  ]

describe('errors', () => {
  it.each(all)('%o has a name, code and status', (error, name, code, status) => {
    expect(error).toBeInstanceOf(errors.SessionError)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name, code })
    expect(error.status).toBe(status)
    expect(error.statusCode).toBe(status)
    expect(error.message).toMatch(/\w/)
    expect(String(error)).toBe(`${name}: ${error.message}`)
    expect(errors.isSessionError(error)).toBe(true)
  })

  it.each(all)(
    '%o does not tell clients its message if it is the server’s error',
    (error, ...[, , status]) => {
      expect(error.expose).toBe(status === 500 || status === 503 ? false : undefined)
    },
  )

  it('cover every exported class', () => {
    const classes = Object.keys(errors).filter((name) => /^[A-Z]\w+Error$/.test(name))
    const names = all.map(([, name]) => name)

    expect(names.toSorted()).toEqual(classes.filter((name) => name !== 'SessionError').toSorted())
  })

  it('keep the cause, if there is one', () => {
    const details = { engine: 'redis', operation: 'load' }

    expect(new errors.SessionEngineError({ ...details, cause }).cause).toBe(cause)
    expect(new errors.SessionEngineError(details)).not.toHaveProperty('cause')
    expect(new errors.SessionSerializationError('x', { cause }).cause).toBe(cause)
    expect(new errors.BadSignatureError('x', { cause }).cause).toBe(cause)
    expect(new errors.InvalidSettingError('a', 'b', { cause }).cause).toBe(cause)
  })

  it('are recognised by isSessionError even if they come from another copy of the library', () => {
    const foreign = Object.assign(new Error('of another copy'), {
      [Symbol.for('@sessions/core/error')]: true,
    })

    expect(errors.isSessionError(foreign)).toBe(true)
    for (const other of [new Error('x'), null, undefined, 'SessionError', { code: 'SESSION' }]) {
      expect(errors.isSessionError(other)).toBe(false)
    }
  })

  it('do not show their brand when printed or serialised', () => {
    expect(Object.keys(new errors.SessionConflictError('x'))).not.toContain('brand')
    expect(JSON.stringify(new errors.InvalidSettingError('a', 'b'))).not.toContain('brand')
  })

  it('of an expired signature are bad-signature errors too', () => {
    expect(new errors.SignatureExpiredError(2, 1)).toBeInstanceOf(errors.BadSignatureError)
  })
})

describe('a failing engine', () => {
  it.each<[operation: string, use: (session: Session) => unknown]>([
    ['load', () => {}],
    ['create', (session) => session.cycleKey()],
    ['save', (session) => session.set('a', 2)],
    ['touch', (session) => session.get('a')],
    ['delete', (session) => session.flush()],
    ['exists', (session) => session.exists()],
  ])(
    'gives an error with its name, the operation, the cause and what that says: %s',
    async (operation, use) => {
      const { clock, events, fail, visit } = site({ renewAfter: 0 })
      const { cookie } = await visit({}, (session) => session.set('a', 1))
      clock.pass(1)
      events.length = 0
      fail(operation, cause)

      const error = await caught(() => visit({ cookie }, use))

      expect(error).toBeInstanceOf(errors.SessionEngineError)
      expect(error).toMatchObject({
        engine: 'map',
        operation,
        cause,
        status: 503,
        message: `The map engine failed in ${operation}(): ${cause.message}.`,
      })
      expect(events).toEqual([
        { type: 'error', handle: expect.stringMatching(/^[\da-f]{16}$/), error },
      ])
    },
  )

  it('may be of another realm, as those of Node in Jest: its message is kept', async () => {
    const { engine } = site()
    const { visit } = site({ engine: { ...engine, load: () => Promise.reject(foreignError) } })

    const error = await caught(() =>
      visit({ cookie: `sessionid=${'a'.repeat(32)}` }, (session) => session.load()),
    )

    expect(error).toMatchObject({ message: expect.stringContaining('load(): disk full.') })
  })

  it('may throw instead of rejecting, and needs no name', async () => {
    const { engine } = site()
    const load = () => {
      throw cause
    }
    const { manager } = site({ engine: { ...engine, name: undefined, load } })

    const error = await caught(() => manager.open('a'.repeat(32)).load())

    expect(error).toMatchObject({ engine: 'session', operation: 'load', cause })
  })

  it('may throw a SessionError itself, which is passed on', async () => {
    const own = new errors.SessionEngineError({ engine: 'redis', operation: 'ping', reason: 'no' })
    const { fail, manager } = site()
    fail('load', own)

    expect(await caught(() => manager.open('a'.repeat(32)).load())).toBe(own)
    expect(own.message).toBe('The redis engine failed in ping(): no.')
  })

  it('may throw a SessionError itself with a cookie engine too', async () => {
    const own = new errors.BadSignatureError('of the engine')
    const before = () => {
      throw own
    }
    const { manager } = site({ engine: cookieEngine({ before }) })

    expect(await caught(() => manager.openFromCookies('sessionid=x').load())).toBe(own)
  })

  it('needs no name with a cookie engine', async () => {
    const fail = () => {
      throw cause
    }
    const { manager } = site({ engine: { seal: fail, unseal: fail } })

    const error = await caught(() => manager.openFromCookies('sessionid=x').load())

    expect(error).toMatchObject({ engine: 'cookie', operation: 'unseal', cause })
  })

  it('keeps both cookie and session at a failed logout', async () => {
    const { data, fail, manager, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const session = manager.openFromCookies(cookie)
    session.flush()
    fail('delete')

    const error = await caught(() => manager.commit(session, { status: 200 }))
    fail()

    expect(error).toMatchObject({ operation: 'delete' })
    expect(await data(cookie)).toEqual({ a: 1 })
  })
})
