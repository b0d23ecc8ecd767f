import {
  createSessions,
  isSessionError,
  SessionCommittedError,
  SessionInterruptedError,
  type Session,
  type Settings,
} from '@sessions/core'
import { sessions } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { Hono, type Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'

const settings = (): Settings => ({ engine: memoryEngine() })

/** An engine that is down. */
const failing: Settings['engine'] = {
  ...memoryEngine(),
  load: () => Promise.reject(new Error('down')),
  create: () => Promise.reject(new Error('down')),
}

const LIVE_LOOKING = { headers: { cookie: `sessionid=${'a'.repeat(32)}` } }

/** Changes the session, so that the response gets a cookie. */
async function touch(c: Context): Promise<void> {
  const session = await c.var['session'].load()
  session.set('touched', true)
}

const cookieOf = (response: Response): string | undefined =>
  response.headers.getSetCookie().find((line) => line.startsWith('sessionid='))

describe('sessions: responses', () => {
  const respond: Readonly<Record<string, (c: Context) => Response>> = {
    'a raw Response': () => new Response('raw'),
    'Response.redirect, whose headers are immutable': () =>
      Response.redirect('http://localhost/next', 302),
    'an empty response': (c) => c.body(null, 204),
    'a response with prepared headers': (c) => {
      c.header('x-prepared', 'yes')
      return c.text('prepared')
    },
  }

  for (const [name, answer] of Object.entries(respond)) {
    it(`${name} carries the cookie`, async () => {
      const app = new Hono().use(sessions(settings())).get('/', async (c) => {
        await touch(c)
        return answer(c)
      })

      const response = await app.request('/')

      expect(cookieOf(response)).toBeDefined()
      expect(response.headers.get('vary')).toBe('Cookie')
    })
  }

  it('immutable headers whose error is of another realm, as in Jest, get Vary', async () => {
    const app = new Hono().use(sessions(settings())).get('/', async (c) => {
      const session = await c.var.session.load()
      session.get('views')
      const response = new Response('shared')
      Object.assign(response.headers, { set: refuseFromElsewhere })
      return response
    })

    const response = await app.request('/')

    expect(response.status).toBe(200)
    expect(response.headers.get('vary')).toBe('Cookie')
  })

  it('a response of fetch keeps body, status and headers, and carries the cookie', async () => {
    const app = new Hono().use(sessions(settings())).get('/', async (c) => {
      await touch(c)
      return fetch('data:text/plain,passed%20through')
    })

    const response = await app.request('/')

    expect(cookieOf(response)).toBeDefined()
    expect(response.headers.get('content-type')).toBe('text/plain')
    expect(await response.text()).toBe('passed through')
  })

  it('immutable headers with several cookies keep them all', async () => {
    const app = new Hono().use(sessions(settings())).get('/', async (c) => {
      await touch(c)
      const response = new Response('frozen', {
        headers: [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      })
      return immutable(response)
    })

    const response = await app.request('/')

    expect(response.headers.getSetCookie().slice(0, 2)).toEqual(['a=1', 'b=2'])
    expect(cookieOf(response)).toBeDefined()
    expect(await response.text()).toBe('frozen')
  })

  it('a Response object that requests share carries no cookie from one to another', async () => {
    const noContent = new Response(null, { status: 204 })
    const app = new Hono()
      .get('/outside', () => noContent)
      .use(sessions(settings()))
      .get('/touched', async (c) => {
        await touch(c)
        return noContent
      })
      .get('/untouched', () => noContent)

    const first = await app.request('/touched')
    const second = await app.request('/touched')

    expect(cookieOf(first)).toBeDefined()
    expect(cookieOf(second)).not.toBe(cookieOf(first))
    expect(second.headers.getSetCookie()).toHaveLength(1)
    expect(cookieOf(await app.request('/untouched'))).toBeUndefined()
    expect(cookieOf(await app.request('/outside'))).toBeUndefined()
  })

  it('an HTTPException is committed by its status, and carries the cookie', async () => {
    const app = new Hono().use(sessions(settings())).get('/:status', async (c) => {
      await touch(c)
      throw new HTTPException(Number(c.req.param('status')) as 401, { message: 'no' })
    })

    expect(cookieOf(await app.request('/401'))).toBeDefined()
    expect(cookieOf(await app.request('/503'))).toBeUndefined()
  })

  it('a response of onError is committed by its status, and carries the cookie', async () => {
    const app = new Hono().use(sessions(settings())).get('/', async (c) => {
      await touch(c)
      throw new Error('mine')
    })
    app.onError(() => new Response('handled', { status: 418 }))

    const response = await app.request('/')

    expect(response.status).toBe(418)
    expect(cookieOf(response)).toBeDefined()
  })

  it('a 101 response passes untouched', async () => {
    // Runtimes make such a response for an upgrade; the constructor refuses the status.
    const upgraded = Object.defineProperty(immutable(new Response(null)), 'status', {
      value: 101,
    })
    const app = new Hono().use(sessions(settings())).get('/', async (c) => {
      await touch(c)
      return upgraded
    })

    expect(await app.request('/')).toBe(upgraded)
  })

  it('after a 101, save() works unless the client would need a new key', async () => {
    const manager = createSessions<{ n: number }>({ engine: memoryEngine() })
    const known = manager.open()
    known.set('n', 1)
    await known.save()
    const upgraded = Object.defineProperty(immutable(new Response(null)), 'status', { value: 101 })
    const opened: Session<{ n: number }>[] = []
    const app = new Hono().use(sessions(manager)).get('/', async (c) => {
      opened.push(await c.var.session.load())
      return upgraded
    })
    await app.request('/')
    await app.request('/', { headers: { cookie: `sessionid=${known.sessionKey}` } })
    const [fresh, returning] = opened

    fresh?.set('n', 1)
    returning?.set('n', 2)

    await expect(fresh?.save()).rejects.toThrow(SessionCommittedError)
    await returning?.save()
    expect((await manager.open(known.sessionKey ?? '').load()).get('n')).toBe(2)
    returning?.cycleKey()
    await expect(returning?.save()).rejects.toThrow(SessionCommittedError)
  })
})

/** The ways to change a session, of which only the first shows in `modified`. */
const changes = {
  set: (session: Session) => session.set('n', 1),
  data: (session: Session) => void (session.data['n'] = 1),
}

describe('sessions: a client that has hung up', () => {
  for (const [how, change] of Object.entries(changes)) {
    it(`gets no session stored, changed by ${how}`, async () => {
      const engine = memoryEngine()
      const client = new AbortController()
      const app = new Hono().use(sessions({ engine })).get('/', async (c) => {
        change(await c.var.session.load())
        client.abort()
        return c.text('unheard')
      })

      await app.request('/', { signal: client.signal })

      expect(engine.size).toBe(0)
    })
  }
})

describe('sessions: a WebSocket on Bun and @hono/node-ws, whose response is an empty 200 that is never sent', () => {
  const handshake = { headers: { connection: 'Upgrade', upgrade: 'WebSocket' } }

  for (const [how, change] of Object.entries(changes)) {
    it(`does not store a session whose client would need a key, changed by ${how}`, async () => {
      const opened: Session[] = []
      const app = new Hono().use(sessions(settings())).get('/', async (c) => {
        const session = await c.var.session.load()
        change(session)
        opened.push(session)
        return new Response(null)
      })

      expect(cookieOf(await app.request('/', handshake))).toBeUndefined()
      await expect(opened[0]?.save()).rejects.toThrow(SessionCommittedError)
      expect(cookieOf(await app.request('/'))).toBeDefined()
    })
  }

  it('is not assumed if the response has a body or another status', async () => {
    const app = new Hono()
      .use(sessions(settings()))
      .get('/body', async (c) => (await touch(c), c.text('')))
      .get('/204', async (c) => (await touch(c), c.body(null, 204)))

    expect(cookieOf(await app.request('/body', handshake))).toBeDefined()
    expect(cookieOf(await app.request('/204', handshake))).toBeDefined()
  })
})

describe('sessions: errors', () => {
  it('of a load in a handler are answered with their status, and logged as by Hono', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = new Hono()
      .use(sessions({ engine: failing }))
      .get('/', async (c) => c.json((await c.var.session.load()).toObject()))

    const response = await app.request('/', LIVE_LOOKING)

    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
    expect(log).toHaveBeenCalledOnce()
    log.mockRestore()
  })

  it('of every class of this library are answered with their status', async () => {
    const app = new Hono().use(sessions(settings())).get('/', () => {
      throw new SessionInterruptedError()
    })

    const response = await app.request('/')

    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: 'SESSION_INTERRUPTED' })
  })

  it('reach app.onError, which may answer them differently', async () => {
    const seen: string[] = []
    const app = new Hono().use(sessions({ engine: failing })).get('/', async (c) => {
      if (c.req.query('load')) await c.var.session.load()
      await touch(c)
      c.header('location', '/lost')
      return c.text('lost', 201)
    })
    app.onError((error, c) => {
      if (isSessionError(error)) seen.push(error.code)
      return c.text('sorry', 502)
    })

    const atLoad = await app.request('/?load=1', LIVE_LOOKING)
    const atCommit = await app.request('/')

    expect(seen).toEqual(['SESSION_ENGINE', 'SESSION_ENGINE'])
    for (const response of [atLoad, atCommit]) {
      expect(response.status).toBe(502)
      expect(await response.text()).toBe('sorry')
      expect(response.headers.get('location')).toBeNull()
      expect(cookieOf(response)).toBeUndefined()
    }
  })

  it('do not inherit the status that the handler had set', async () => {
    const app = new Hono().use(sessions({ engine: failing })).get('/', async (c) => {
      await touch(c)
      c.status(201)
      return c.text('lost')
    })
    app.onError((error, c) => c.text(error.name))

    expect((await app.request('/')).status).toBe(200)
  })

  it('do not mask an error of the application', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = new Hono().use(sessions({ engine: failing })).get('/', (c) => {
      c.var.session.flush()
      throw new HTTPException(500, { message: 'mine' })
    })

    const response = await app.request('/', LIVE_LOOKING)

    expect(await response.text()).toBe('mine')
    expect(cookieOf(response)).toBeUndefined()
    log.mockRestore()
  })

  it('a flush() is carried out even if the handler throws a value that is not an error', async () => {
    const engine = memoryEngine()
    const manager = createSessions({ engine })
    const session = manager.open()
    session.set('user', 'ada')
    await session.save()
    const app = new Hono().use(sessions(manager)).get('/', (c) => {
      c.var.session.flush()
      // oxlint-disable-next-line typescript/only-throw-error
      throw 'text'
    })

    await expect(
      (async () => app.request('/', { headers: { cookie: `sessionid=${session.sessionKey}` } }))(),
    ).rejects.toBe('text')

    expect(engine.size).toBe(0)
  })
})

describe('sessions: https', () => {
  const app = new Hono().use(sessions(settings())).get('/', async (c) => {
    await touch(c)
    return c.text('ok')
  })
  const trusting = new Hono()
    .use(
      sessions(
        { ...settings(), cookie: { secure: 'auto' } },
        { https: (c) => c.req.header('x-forwarded-proto') === 'https' },
      ),
    )
    .get('/', async (c) => {
      await touch(c)
      return c.text('ok')
    })

  it('is taken from the URL of the request', async () => {
    expect(cookieOf(await app.request('https://localhost/'))).toContain('; Secure')
    expect(cookieOf(await app.request('http://localhost:3000/'))).not.toContain('Secure')
    expect(cookieOf(await app.request('http://example.com'))).toContain('; Secure')
  })

  it('is taken from the header of a proxy only by the option `https`', async () => {
    const headers = { 'x-forwarded-proto': 'https' }

    expect(cookieOf(await trusting.request('http://localhost/', { headers }))).toContain('; Secure')
    expect(cookieOf(await trusting.request('http://localhost/'))).not.toContain('Secure')
    expect(cookieOf(await app.request('http://localhost/', { headers }))).not.toContain('Secure')
  })
})

/** A response whose headers throw when they are changed, as those of `fetch` do. */
function immutable(response: Response): Response {
  Object.assign(response.headers, { set: refuse, append: refuse, delete: refuse })
  return response
}

function refuse(): never {
  throw new TypeError('immutable')
}

function refuseFromElsewhere(): never {
  throw runInNewContext("new TypeError('immutable')")
}
