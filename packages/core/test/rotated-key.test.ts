import { describe, expect, it } from 'vitest'
import { SessionInterruptedError } from '../src/errors.ts'
import type { MaybePromise } from '../src/engine/engine.ts'
import type { Committed } from '../src/cookies/headers.ts'
import type { Session } from '../src/session/session.ts'
import type { Sessions } from '../src/manager/sessions.ts'
import { cookieOf, OK } from './support/site.ts'
import { withSession } from './support/with-session.ts'

function rotate(manager: Sessions, session: Session): MaybePromise<Committed> {
  session.cycleKey()
  return manager.commit(session, OK)
}

describe('a request whose key another request rotates', () => {
  it.each([
    ['after its response', false],
    ['after its own save()', true],
  ])(
    'gets no key to the session of a user who logged in under the new key: %s',
    async (_, saves) => {
      const { data, manager, open } = await withSession({ base: 0 })
      const [late, login] = [await open(), await open()]
      await rotate(manager, login.set('user', 'ada'))

      if (saves) await late.set('late', true).save()
      late.cycleKey()
      const { setCookie } = await manager.commit(late, OK)

      const own = saves ? { base: 0, late: true } : { base: 0 }
      expect(late.toObject()).toEqual(own)
      expect(setCookie).toHaveLength(1)
      expect(await data(setCookie[0])).toEqual(own)
      expect(await data(cookieOf(login))).toEqual({ ...own, user: 'ada' })
    },
  )

  it('gets its own session for a concurrent login', async () => {
    for (const others of [{ user: 'ada' }, { user: 'eve' }, {}]) {
      const { data, manager, open } = await withSession({ base: 0 })
      const [login, other] = [await open(), await open()]
      other.update(others)
      await rotate(manager, other)

      const { setCookie } = await rotate(manager, login.set('user', 'ada'))

      expect(await data(setCookie[0])).toEqual({ base: 0, user: 'ada' })
      expect(await data(cookieOf(other))).toEqual({ base: 0, ...others })
    }
  })

  it('stores in the rotated session if its user was logged in all along', async () => {
    const { data, engine, manager, open } = await withSession({ _auth_user_id: '1' })
    const [a, b] = [await open(), await open()]
    await rotate(manager, a.set('a', 1))
    const records = engine.records.size

    const { setCookie } = await rotate(manager, b.set('b', 1))

    expect(setCookie).toEqual([])
    expect(engine.records.size).toBe(records)
    expect(await data(cookieOf(a))).toEqual({ _auth_user_id: '1', a: 1, b: 1 })
  })

  it('sees nothing of the data stored under the new key, however often it saves', async () => {
    const { data, manager, open } = await withSession({ base: 0 })
    const [old, login] = [await open(), await open()]
    await rotate(manager, login.set('_auth_user_id', '1'))

    old.modify('count', (count = 0) => Number(count) + 1)
    await old.save()
    login.set('card', '4111')
    await login.save()
    old.set('late', true)
    await old.save()

    expect(old.toObject()).toEqual({ base: 0, count: 1, late: true })
    expect(await data(cookieOf(login))).toEqual({
      base: 0,
      _auth_user_id: '1',
      count: 1,
      card: '4111',
      late: true,
    })
  })

  it.each(['merge', 'reject'] as const)(
    'does not conflict with its own marker if the driver has sent it twice, with onConflict %j',
    async (onConflict) => {
      const { data, engine, manager, open } = await withSession(
        { _auth_user_id: '1' },
        { onConflict },
      )
      const session = await open()
      const { save } = engine
      engine.save = async (...args) => {
        await save(...args)
        return save(...args)
      }

      const { setCookie } = await rotate(manager, session)

      expect(await data(setCookie[0])).toEqual({ _auth_user_id: '1' })
    },
  )

  it('is interrupted once the grace period is over', async () => {
    const { clock, manager, open } = await withSession({})
    const [old, login] = [await open(), await open()]
    await rotate(manager, login.set('user', 'ada'))
    await old.set('early', true).save()

    clock.pass(30)

    await expect(old.set('late', true).save()).rejects.toThrow(SessionInterruptedError)
  })

  it('sends no cookie, even for an earlier save of its own', async () => {
    const { manager, open } = await withSession({})
    const old = await open()
    await old.set('a', 1).save()
    await rotate(manager, await open())

    const { setCookie } = await manager.commit(old.set('c', 1), OK)

    expect(setCookie).toEqual([])
  })
})
