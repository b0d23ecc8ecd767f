import { sessions } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { Hono } from 'hono'
import { expect, it } from 'vitest'

/** The cookie that a response sets. */
const cookieOf = (response: Response): string =>
  response.headers.getSetCookie()[0]?.split(';')[0] ?? ''

it('the cookie of a rotation that save() has stored is sent even if the commit fails', async () => {
  const app = new Hono()
    .use(sessions({ engine: memoryEngine() }))
    .get('/', async (c) => {
      const session = await c.var.session.load()
      if (c.req.header('cookie') === undefined) session.set('cart', 1)
      return c.json({ cart: session.get('cart', 0) })
    })
    .get('/login', async (c) => {
      const session = await c.var.session.load()
      session.cycleKey()
      await session.save()
      session.set('at', 1n)
      return c.text('in')
    })
  const first = cookieOf(await app.request('/'))

  const failed = await app.request('/login', { headers: { cookie: first } })

  expect(failed.status).toBe(500)
  expect(cookieOf(failed)).not.toBe(first)
  const after = await app.request('/', { headers: { cookie: cookieOf(failed) } })
  expect(await after.json()).toEqual({ cart: 1 })
})
