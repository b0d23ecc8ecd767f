import { expect, it } from 'vitest'
import { cookieEngine } from './support/cookie-engine.ts'
import { keyIn, site } from './support/site.ts'

it('a failed commit still owes the cookie of what a save() before it stored', async () => {
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

it('a cookie that is too large is not owed', async () => {
  const { manager } = site({ engine: cookieEngine() })
  const response = { status: 200, https: true, host: 'example.com' }
  const session = manager.open()
  session.set('cart', 'x'.repeat(5000))
  await session.save()
  session.set('at', 1n)

  expect(() => manager.commit(session, response)).toThrow('at is a BigInt')

  expect(manager.owed(session, response).setCookie).toEqual([])
})

it('a failed commit owes nothing of its own', () => {
  const { manager } = site()
  const response = { status: 200, https: true, host: 'example.com' }
  const session = manager.open()
  session.set('at', 1n)

  expect(() => manager.commit(session, response)).toThrow('at is a BigInt')

  expect(manager.owed(session, response).setCookie).toEqual([])
})
