import { describe, expect, it } from 'vitest'
import { SessionBase } from '../src/session/session-base.ts'
import { site } from './support/site.ts'

describe('the test cookie', () => {
  it('has not worked before it was set', () => {
    expect(new SessionBase().testCookieWorked()).toBe(false)
  })

  it('has worked once it was set, until it is deleted', () => {
    const session = new SessionBase()

    session.setTestCookie()
    expect(session.testCookieWorked()).toBe(true)

    session.deleteTestCookie()
    expect(session.testCookieWorked()).toBe(false)
    expect(session.isEmpty).toBe(true)
  })

  it('is Django’s: key testcookie, value worked', () => {
    const session = new SessionBase()

    session.setTestCookie()

    expect(session.toObject()).toEqual({ testcookie: 'worked' })
    session.set('testcookie', 'something else')
    expect(session.testCookieWorked()).toBe(false)
  })

  it('shows at the next request that the client accepts cookies', async () => {
    const { visit } = site()
    const worked: boolean[] = []

    const { cookie } = await visit({}, (session) => session.setTestCookie())
    await visit({ cookie }, (session) => worked.push(session.testCookieWorked()))
    await visit({}, (session) => worked.push(session.testCookieWorked()))

    expect(worked).toEqual([true, false])
  })

  it('is gone at the request after its deletion', async () => {
    const { visit, data } = site()
    const { cookie } = await visit({}, (session) => session.setTestCookie())

    const { calls } = await visit({ cookie }, (session) => session.deleteTestCookie())

    expect(calls).toEqual(['load', 'save'])
    expect(await data(cookie)).toEqual({})
  })
})
