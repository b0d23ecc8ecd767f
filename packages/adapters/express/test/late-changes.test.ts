import { sessions } from '@sessions/express'
import { memoryEngine } from '@sessions/memory'
import { expect, it } from 'vitest'
import { ask } from '../../node/test/support/client.ts'
import { cookieOf } from '../../node/test/support/exchange.ts'
import { serve } from '../../node/test/support/servers.ts'
import { expresses } from './support/expresses.ts'

for (const [version, createApp] of Object.entries(expresses)) {
  it(`${version}: changes after the first byte are stored only by save()`, async () => {
    const app = createApp().use(sessions({ engine: memoryEngine() }))
    app.get('/', (req, res, next) => {
      const answer = async (): Promise<void> => {
        const session = await req.session.load()
        session.set('before', true)
        res.write('text')
        session.set('saved', true)
        if (req.headers.cookie !== undefined) await session.save()
        session.set('unsaved', true)
        res.end()
      }
      answer().catch(next)
    })
    app.get('/all', (req, res, next) => {
      req.session.load().then((session) => res.json(session.toObject()), next)
    })
    const { url } = await serve(app)
    const cookie = cookieOf((await ask(url)).headers)
    const all = async (): Promise<unknown> =>
      JSON.parse((await ask(`${url}/all`, { headers: { cookie } })).body)

    expect(await all()).toEqual({ before: true })
    await ask(url, { headers: { cookie } })
    expect(await all()).toEqual({ before: true, saved: true })
  })
}
