import { expect, it } from 'vitest'
import { createSessions, type Sessions } from '../src/manager/sessions.ts'
import { OK } from './support/site.ts'
import { attributes, withUsers } from './support/with-users.ts'

/** The users' site, and the manager of another process whose clock is this many seconds fast. The engine keeps its own time. */
async function withFastProcess(seconds: number) {
  const users = await withUsers()
  const { clock, engine } = users
  const fast: Sessions = createSessions({
    engine,
    attributes,
    clock: { now: () => clock.now() + seconds * 1000 },
  })
  return { ...users, fast }
}

const LONGER_THAN_A_SESSION = 1_209_600 + 60

it('a process with a fast clock carries out a logout', async () => {
  const { cookies, data, fast } = await withFastProcess(LONGER_THAN_A_SESSION)

  const session = fast.openFromCookies(cookies[0])
  session.flush()
  await fast.commit(session, OK)

  expect(await data(cookies[0])).toEqual({})
})

it('a process with a fast clock ends every session of a user', async () => {
  const { cookies, data, fast } = await withFastProcess(LONGER_THAN_A_SESSION)

  expect(await fast.end({ userId: 'ada' })).toBe(2)

  expect(await data(cookies[0])).toEqual({})
  expect(await data(cookies[1])).toEqual({})
})

it('a process with a fast clock carries out a logout in flight after another request has rotated the key', async () => {
  const { cookies, data, fast, visit } = await withFastProcess(60)
  const session = await fast.openFromCookies(cookies[0]).load()
  const { cookie } = await visit({ cookie: cookies[0] }, (other) => other.cycleKey())

  session.flush()
  await fast.commit(session, OK)

  expect(await data(cookie)).toEqual({})
})

it('a process with a fast clock stores the changes of a request in flight after another request has rotated the key', async () => {
  const { cookies, data, fast, visit } = await withFastProcess(60)
  const session = await fast.openFromCookies(cookies[0]).load()
  const { cookie } = await visit({ cookie: cookies[0] }, (other) => other.cycleKey())

  session.set('draft', 'tea')
  await fast.commit(session, OK)

  expect(await data(cookie)).toEqual({ userId: 'ada', draft: 'tea' })
})
