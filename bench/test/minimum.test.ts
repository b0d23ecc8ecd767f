import { expect, onTestFinished, test } from 'vitest'
import { contenders } from '../src/contenders/contenders.ts'
import type { Contender } from '../src/contenders/contender.ts'
import { FIRST_VIEWS } from '../src/contenders/payload.ts'
import type { Places } from '../src/contenders/places.ts'
import { startContender } from '../src/contenders/running.ts'

const nowhere: Places = { redis: '', postgres: '', memcached: '', folder: '' }

const withoutServer = ['memory', 'signed-cookie', 'encrypted-cookie']
const byHand = contenders.filter(
  ({ kind, store }) => kind === 'minimum' && withoutServer.includes(store),
)

async function visitorOf(contender: Contender) {
  const server = await startContender(contender, nowhere)
  onTestFinished(() => server.close())
  return async (path: string, cookie?: string) => {
    const headers = cookie === undefined ? {} : { cookie }
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers })
    const { views } = (await response.json()) as { views: number }
    return { views, cookie: response.headers.getSetCookie()[0]?.split(';', 1)[0] }
  }
}

test.each(byHand)(
  '$name counts the visits of a returning client, and sends a cookie after a change only',
  async (contender) => {
    const visit = await visitorOf(contender)
    const first = await visit('/change')
    expect(first.views).toBe(FIRST_VIEWS + 1)
    const second = await visit('/change', `theme=dark; ${first.cookie}`)
    expect(second.views).toBe(FIRST_VIEWS + 2)
    expect(second.cookie).toMatch(/^sid=/)
    expect(await visit('/read', second.cookie)).toEqual({
      views: FIRST_VIEWS + 2,
      cookie: undefined,
    })
  },
)

test.each(byHand)('$name ignores a forged cookie', async (contender) => {
  const visit = await visitorOf(contender)
  const { cookie = '' } = await visit('/change')
  const other = cookie.at(-5) === 'A' ? 'B' : 'A'
  const forged = cookie.slice(0, -5) + other + cookie.slice(-4)
  expect(await visit('/read', forged)).toEqual({ views: FIRST_VIEWS, cookie: undefined })
  expect(await visit('/read')).toEqual({ views: FIRST_VIEWS, cookie: undefined })
})
