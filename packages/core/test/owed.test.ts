import { expect, it } from 'vitest'
import { cookieEngine } from './support/cookie-engine.ts'
import { keyIn, site } from './support/site.ts'

it('owed() returns the cookie of a save() that preceded a failed commit', async () => {
  const { manager } = site()
  const response = { status: 200, https: true, host: 'example.com' }
  const session = manager.open()
  session.set('cart', 1)
  await session.save()
  session.set('at', 1n)

  expect(() => manager.commit(session, response)).toThrow('at is a BigInt')

  const { setCookie } = manager.owed(session, response)
  expect(keyIn(setCookie[0] ?? '')).toBe(session.sessionKey)
  expect(manager.owed(session, response).setCookie).toEqual([])
})

it('owed() returns no cookie that is too large', async () => {
  const { manager } = site({ engine: cookieEngine() })
  const response = { status: 200, https: true, host: 'example.com' }
  const session = manager.open()
  session.set('cart', 'x'.repeat(5000))
  await session.save()
  session.set('at', 1n)

  expect(() => manager.commit(session, response)).toThrow('at is a BigInt')

  expect(manager.owed(session, response).setCookie).toEqual([])
})

it('owed() returns no cookie for a failed commit alone, but Vary', () => {
  const { manager } = site()
  const response = { status: 200, https: true, host: 'example.com' }
  const session = manager.open()
  session.set('at', 1n)

  expect(() => manager.commit(session, response)).toThrow('at is a BigInt')

  expect(manager.owed(session, response)).toMatchObject({ setCookie: [], vary: 'Cookie' })
})
