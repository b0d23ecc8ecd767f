import { sessions } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { expect, it } from 'vitest'

it('changes after the first byte are stored only by save()', async () => {
  const app = new Hono()
    .use(sessions({ engine: memoryEngine() }))
    .get('/', async (c) => {
      const session = await c.var.session.load()
      session.set('before', true)
      return stream(c, async (body) => {
        await body.write('text')
        session.set('saved', true)
        if (c.req.header('cookie') !== undefined) await session.save()
        session.set('unsaved', true)
      })
    })
    .get('/all', async (c) => c.json((await c.var.session.load()).toObject()))
  const first = await app.request('/')
  const headers = { cookie: first.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
  const all = async (): Promise<unknown> => (await app.request('/all', { headers })).json()

  await first.text()
  expect(await all()).toEqual({ before: true })
  await (await app.request('/', { headers })).text()
  expect(await all()).toEqual({ before: true, saved: true })
})
