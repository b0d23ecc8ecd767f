import { sessions } from '@sessions/koa'
import { memoryEngine } from '@sessions/memory'
import { expect, it } from 'vitest'
import { ask, cookieOf, reported, versions } from './served.ts'

it.each(versions)(
  'the cookie of a rotation that save() has stored is sent even if the commit fails, %s',
  async (_, Koa) => {
    const app = new Koa()
    reported(app)
    app.use(sessions({ engine: memoryEngine() }))
    app.use(async (ctx) => {
      const session = await ctx.session.load()
      session.cycleKey()
      await session.save()
      session.set('at', 1n)
      ctx.body = 'in'
    })

    const response = await ask(app)

    expect(response.status).toBe(500)
    expect(cookieOf(response)).toMatch(/^sessionid=\w{32}/)
  },
)
