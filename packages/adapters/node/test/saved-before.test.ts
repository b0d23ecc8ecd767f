import { answerError, sessions } from '@sessions/node'
import { memoryEngine } from '@sessions/memory'
import { expect, it } from 'vitest'
import { ask } from './support/client.ts'
import { serve } from './support/servers.ts'

/** The cookie that a response sets. */
const cookieOf = ({ headers }: Awaited<ReturnType<typeof ask>>): string =>
  headers['set-cookie']?.[0]?.split(';')[0] ?? ''

it('the cookie of a rotation that save() has stored is sent even if the commit fails', async () => {
  const engine = memoryEngine()
  const mount = sessions({ engine })
  const { url } = await serve(async (req, res) => {
    mount(req, res)
    try {
      const session = await mount.load(req)
      if (req.url === '/login') {
        session.cycleKey()
        await session.save()
        session.set('at', 1n)
      } else if (req.headers.cookie === undefined) session.set('cart', 1)
      res.end(JSON.stringify({ cart: session.get('cart') }))
    } catch (error) {
      answerError(res, error)
    }
  })
  const first = cookieOf(await ask(url))

  const failed = await ask(`${url}/login`, { headers: { cookie: first } })

  const second = cookieOf(failed)
  expect(failed.status).toBe(500)
  expect(second).toMatch(/^sessionid=\w{32}$/)
  expect(second).not.toBe(first)
  expect((await ask(url, { headers: { cookie: second } })).body).toBe('{"cart":1}')
})
