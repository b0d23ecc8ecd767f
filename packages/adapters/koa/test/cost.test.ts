import { memoryEngine } from '@sessions/memory'
import type { Context } from 'koa'
import { describe, expect, it, vi } from 'vitest'
import { sessions } from '../src/index.ts'
import { ask, LIVE_LOOKING, versions } from './served.ts'

describe.each(versions)('%s', (_, Koa) => {
  it('an untouched session: no wrapped methods, no listeners, no call to the engine', async () => {
    const engine = memoryEngine()
    const load = vi.spyOn(engine, 'load')
    const seen: object[] = []
    const app = new Koa()
    const look = ({ res }: Context): void => {
      const methods = Object.keys(res).filter(
        (name) => typeof Reflect.get(res, name) === 'function',
      )
      const listeners = res.eventNames().map((name) => [name, res.listenerCount(name)])
      seen.push({ methods, listeners })
    }
    app.use(async (ctx, next) => {
      look(ctx)
      await next()
      look(ctx)
    })
    app.use(sessions({ engine }))
    app.use((ctx) => {
      look(ctx)
      ctx.body = 'text'
    })

    await ask(app, '/', LIVE_LOOKING)

    expect(seen).toHaveLength(3)
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
    expect(load).not.toHaveBeenCalled()
  })
})
