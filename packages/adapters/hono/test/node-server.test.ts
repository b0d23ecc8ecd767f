import { serve, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { createSessions, type Session } from '@sessions/core'
import { sessions } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { signedCookieEngine } from '@sessions/signed-cookies'
import { Hono } from 'hono'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function served(app: Hono<{ Bindings: HttpBindings }>): Promise<string> {
  const server = serve({ fetch: app.fetch, port: 0 })
  closing.push(() => server.close())
  if (!server.listening) await once(server, 'listening')
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

const newManager = () => createSessions<{ views: number }>({ engine: memoryEngine() })

it('a Response with a body that requests share, which the server sends as often as it is asked to, carries no cookie from one to another', async () => {
  let page: Response | undefined
  const app = new Hono<{ Bindings: HttpBindings }>()
  // Made once the server has put its own Response in the place of the global one.
  app.get('/outside', () => (page ??= new Response('page', { headers: { 'x-mine': 'yes' } })))
  app.use(sessions(newManager())).get('/touched', async (c) => {
    const session = await c.var.session.load()
    session.set('views', 1)
    return page
  })
  const url = await served(app)
  const cookies: string[][] = []

  for (const path of ['/outside', '/touched', '/outside', '/touched', '/outside']) {
    const response = await fetch(url + path)
    expect(response.headers.get('x-mine')).toBe('yes')
    expect(await response.text()).toBe('page')
    cookies.push(response.headers.getSetCookie())
  }

  expect(cookies.map(({ length }) => length)).toEqual([0, 1, 0, 1, 0])
  expect(cookies[3]).not.toEqual(cookies[1])
})

it('a Response that requests share can still be sent after the session of one of them could not be stored', async () => {
  let page: Response | undefined
  const engine = {
    ...memoryEngine(),
    create: () => {
      throw new Error('The store is down.')
    },
  }
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(sessions({ engine })).get('/:touched', async (c) => {
    const session = await c.var.session.load()
    if (c.req.param('touched') === 'touched') session.set('views', 1)
    return (page ??= new Response('page'))
  })
  vi.spyOn(console, 'error').mockReturnValue()
  closing.push(vi.restoreAllMocks)
  const url = await served(app)

  const failed = await fetch(`${url}/touched`)
  const next = await fetch(`${url}/untouched`)

  expect(failed.status).toBe(503)
  expect([next.status, await next.text()]).toEqual([200, 'page'])
})

type Views = Session<{ views: number }>

/** The ways to count a view, of which only the first shows in `modified`. */
const ways = {
  modify: (session: Views) => session.modify('views', (views = 0) => views + 1),
  data: ({ data }: Views) => void (data.views = (data.views ?? 0) + 1),
}

/** An application that sends its response by itself. */
function servedBy(
  manager: ReturnType<typeof newManager>,
  use: (session: Views) => unknown,
): Promise<string> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(sessions(manager)).get('/', async (c) => {
    use(await c.var.session.load())
    c.env.outgoing.end('sent')
    await once(c.env.outgoing, 'close')
    return RESPONSE_ALREADY_SENT
  })
  return served(app)
}

describe('RESPONSE_ALREADY_SENT', () => {
  for (const [how, count] of Object.entries(ways)) {
    it(`still stores a session that the client already has, changed by ${how}`, async () => {
      const engine = memoryEngine()
      const manager = createSessions<{ views: number }>({ engine })
      const stored = new Promise<string>((resolve) => {
        vi.spyOn(engine, 'save').mockImplementation((_id, { data }) => {
          resolve(data)
          return { status: 'saved', version: '2' }
        })
      })
      const session = manager.open()
      session.set('views', 1)
      await session.save()
      const url = await servedBy(manager, count)

      const response = await fetch(url, { headers: { cookie: `sessionid=${session.sessionKey}` } })

      expect([response.status, await response.text()]).toEqual([200, 'sent'])
      expect(await stored).toBe('{"views":2}')
      expect([...RESPONSE_ALREADY_SENT.headers.keys()]).toEqual(['x-hono-already-sent'])
    })

    it(`of a new session, whose key cannot be sent any more, is an error, changed by ${how}`, async () => {
      const engine = memoryEngine()
      const create = vi.spyOn(engine, 'create')
      const log = vi.spyOn(console, 'error')
      const logged = new Promise((resolve) => log.mockImplementation(resolve))
      const url = await servedBy(createSessions({ engine }), count)

      const response = await fetch(url)

      expect(await response.text()).toBe('sent')
      expect(await logged).toMatchObject({ code: 'SESSION_COMMITTED' })
      expect(create).not.toHaveBeenCalled()
      log.mockRestore()
    })
  }

  it.each(Object.entries(ways))(
    'of a session that the client keeps, whose cookie cannot be sent any more, is an error, changed by %s',
    async (_, count) => {
      const engine = signedCookieEngine({ secretKey: 's'.repeat(32) })
      const manager = createSessions<{ views: number }>({ engine })
      const session = manager.open()
      session.set('views', 1)
      await session.save()
      const log = vi.spyOn(console, 'error')
      const logged = new Promise((resolve) => log.mockImplementation(resolve))
      const url = await servedBy(manager, count)

      const response = await fetch(url, { headers: { cookie: `sessionid=${session.sessionKey}` } })

      expect(await response.text()).toBe('sent')
      expect(await logged).toMatchObject({ code: 'SESSION_COMMITTED' })
      log.mockRestore()
    },
  )

  it('of a session that was only read, which is due to be renewed, renews it', async () => {
    const engine = memoryEngine()
    const manager = createSessions<{ views: number }>({ engine, saveEveryRequest: true })
    const { touch } = engine
    const renewed = new Promise<void>((resolve) => {
      vi.spyOn(engine, 'touch').mockImplementation((...call) => {
        resolve()
        return touch(...call)
      })
    })
    const session = manager.open()
    session.set('views', 1)
    await session.save()
    const url = await servedBy(manager, (read) => read.get('views'))

    await fetch(url, { headers: { cookie: `sessionid=${session.sessionKey}` } })

    await renewed
  })
})
