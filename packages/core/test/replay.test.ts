import { describe, expect, it } from 'vitest'
import { SessionConflictError, SessionInterruptedError } from '../src/errors.ts'
import { cookieOf, OK } from './support/site.ts'
import { withSession } from './support/with-session.ts'

describe('a replay', () => {
  it('is rejected if the session belongs to another user now', async () => {
    const { cookie, data, manager, open } = await withSession({ _auth_user_id: '1' })
    const [a, b] = [await open(), await open()]
    a.set('note', 'mine')
    b.set('_auth_user_id', '2')
    await manager.commit(b, OK)

    await expect(manager.commit(a, OK)).rejects.toThrow(SessionInterruptedError)
    expect(await data(cookie)).toEqual({ _auth_user_id: '2' })
  })

  it.each(['merge', 'overwrite'] as const)(
    'compares user ids that are not strings, with onConflict %j',
    async (onConflict) => {
      const { cookie, data, manager, open } = await withSession(
        { _auth_user_id: ['tenant', 1] },
        { onConflict },
      )
      const [a, b] = [await open(), await open()]
      a.set('a', 1)
      b.set('b', 2)
      await manager.commit(a, OK)

      await manager.commit(b, OK)

      expect(await data(cookie)).toMatchObject({ _auth_user_id: ['tenant', 1], b: 2 })
    },
  )

  it('gives up after two hundred attempts, with SessionConflictError', async () => {
    const { engine, manager, open } = await withSession({})
    const session = await open()
    engine.save = () => ({ status: 'conflict' })

    await expect(manager.commit(session.set('a', 1), OK)).rejects.toThrow(SessionConflictError)
    expect(engine.calls.filter((call) => call === 'load')).toHaveLength(201)
  })

  it('does not happen with onConflict "reject"', async () => {
    const { cookie, data, manager, open } = await withSession({}, { onConflict: 'reject' })
    const [a, b] = [await open(), await open()]
    await manager.commit(a.set('a', 1), OK)

    await expect(manager.commit(b.set('b', 1), OK)).rejects.toThrow(SessionConflictError)
    expect(await data(cookie)).toEqual({ a: 1 })
  })

  it('does not happen with onConflict "overwrite": the whole session is written', async () => {
    const { cookie, data, manager, open } = await withSession({}, { onConflict: 'overwrite' })
    const [a, b] = [await open(), await open()]
    await manager.commit(a.set('a', 1), OK)

    await manager.commit(b.set('b', 1), OK)

    expect(await data(cookie)).toEqual({ b: 1 })
  })

  it.each(['merge', 'overwrite'] as const)(
    'does not empty the session of another user, with onConflict %j',
    async (onConflict) => {
      const { data, manager, open } = await withSession({ _auth_user_id: '1' }, { onConflict })
      const [late, login] = [await open(), await open()]
      login.set('_auth_user_id', '2').cycleKey()
      await manager.commit(login, OK)

      late.clear()

      await expect(manager.commit(late, OK)).rejects.toThrow(SessionInterruptedError)
      expect(await data(cookieOf(login))).toEqual({ _auth_user_id: '2' })
    },
  )

  it('does not run modify again with onConflict "overwrite"', async () => {
    const { cookie, data, manager, open } = await withSession(
      { cart: ['tea'] },
      { onConflict: 'overwrite' },
    )
    const [a, b] = [await open(), await open()]
    const computed: unknown[] = []
    a.modify('cart', (cart) => {
      computed.push(cart)
      return [...cart, 'cup']
    })
    b.delete('cart')
    await manager.commit(b, OK)

    await manager.commit(a, OK)

    expect(computed).toEqual([['tea']])
    expect(await data(cookie)).toEqual({ cart: ['tea', 'cup'] })
  })

  it('is rejected with onConflict "overwrite" too if the session belongs to another user now', async () => {
    const { cookie, data, manager, open } = await withSession(
      { _auth_user_id: '1' },
      { onConflict: 'overwrite' },
    )
    const [a, b] = [await open(), await open()]
    await manager.commit(b.set('_auth_user_id', '2'), OK)

    await expect(manager.commit(a.set('a', 1), OK)).rejects.toThrow(SessionInterruptedError)
    expect(await data(cookie)).toEqual({ _auth_user_id: '2' })
  })

  it('starts from an empty session if the stored payload no longer decodes', async () => {
    const { clock, cookie, data, engine, events, manager, open } = await withSession({ a: 1 })
    const session = await open()
    const [id = ''] = engine.records.keys()
    await engine.save(id, { data: 'junk', expiresAt: clock.now() + 1000 })

    await manager.commit(session.set('b', 2), OK)

    expect(await data(cookie)).toEqual({ b: 2 })
    expect(events.map(({ type }) => type)).toContain('suspicious')
  })
})
