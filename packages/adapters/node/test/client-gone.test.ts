import { sessions, type SessionRequest } from '@sessions/node'
import { once } from 'node:events'
import { request, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ask } from './support/client.ts'
import { cookieOf, settled } from './support/exchange.ts'
import { gatedEngine } from './support/gated-engine.ts'
import { serve } from './support/servers.ts'

/** Sends a request and hangs up while its handler runs: `before` runs before that, `after` once the handler knows. */
async function abandoned(
  before: (req: SessionRequest) => Promise<unknown>,
  after: (req: SessionRequest, res: ServerResponse) => unknown,
  start: { url: string; cookie: string; paths: Map<string, typeof after> },
): Promise<void> {
  const done = new Promise<void>((resolve, reject) => {
    start.paths.set('/', async (req, res) => {
      try {
        await before(req)
        const closed = once(res, 'close')
        outgoing.destroy()
        await closed
        await after(req, res)
        resolve()
      } catch (error) {
        reject(error)
      }
    })
  })
  const outgoing = request(start.url, { headers: { cookie: start.cookie }, agent: false })
  outgoing.on('error', () => {})
  outgoing.end()
  await done
  await settled()
}

/** Serves the handlers that are put into `paths`, and a counter. */
async function start() {
  const engine = gatedEngine()
  const mount = sessions({ engine })
  const paths = new Map<string, (req: SessionRequest, res: ServerResponse) => unknown>()
  const { url, port } = await serve(async (req, res) => {
    mount(req, res)
    const handler = paths.get(req.url ?? '')
    if (handler !== undefined) {
      await handler(req as SessionRequest, res)
      return
    }
    const session = await mount.load(req)
    session.set('views', session.get('views', 0) + 1)
    res.end(String(session.get('views')))
  })
  const cookie = cookieOf((await ask(`${url}/count`)).headers)
  engine.calls.length = 0
  const views = async (): Promise<string> =>
    (await ask(`${url}/count`, { headers: { cookie } })).body
  return { engine, mount, paths, url, port, cookie, views }
}

describe('sessions: a client that hangs up before the first byte', () => {
  it('has no changes stored', async () => {
    const running = await start()

    await abandoned(
      async (req) => (await req.session.load()).set('views', 100),
      (_req, res) => res.end('text'),
      running,
    )

    expect(running.engine.calls).toEqual(['load'])
    expect(await running.views()).toBe('2')
  })

  it('is logged out by flush() even if the handler never answers', async () => {
    const running = await start()

    await abandoned(
      async (req) => req.session.flush(),
      () => {},
      running,
    )

    expect(running.engine.calls).toEqual(['load', 'delete'])
    expect(await running.views()).toBe('1')
  })

  it('is logged out by a later flush(), however the handler answers', async () => {
    for (const end of [
      (res: ServerResponse) => res.end('text'),
      (res: ServerResponse) => res.writeHead(303, { location: '/' }).end(),
      (res: ServerResponse) => res.write('text'),
      (res: ServerResponse) => res.flushHeaders(),
    ]) {
      const running = await start()

      await abandoned(
        async (req) => req.session.load(),
        (req, res) => {
          req.session.flush()
          end(res)
        },
        running,
      )

      expect(running.engine.calls).toEqual(['load', 'delete'])
      expect(await running.views()).toBe('1')
    }
  })

  it('is logged out only once', async () => {
    const running = await start()

    await abandoned(
      async (req) => req.session.flush(),
      (_req, res) => res.end('text'),
      running,
    )

    expect(running.engine.calls).toEqual(['load', 'delete'])
  })

  it('has no changes stored if the handler destroyed the response', async () => {
    const { engine, paths, url, cookie, views } = await start()
    paths.set('/destroy', async (req, res) => {
      ;(await req.session.load()).set('views', 100)
      res.destroy()
      res.end('text')
    })

    await expect(ask(`${url}/destroy`, { headers: { cookie } })).rejects.toThrow('hang up')

    expect(engine.calls).toEqual(['load'])
    expect(await views()).toBe('2')
  })

  it('has no changes stored by a pipelined request that waited for its turn', async () => {
    const running = await start()
    running.paths.set('/first', () => {})
    const reached = new Promise<void>((resolve) => {
      running.paths.set('/second', async (req, res) => {
        ;(await req.session.load()).set('views', 100)
        resolve()
        await once(req.socket, 'close')
        res.end('text')
      })
    })

    const socket = connect(running.port, '127.0.0.1')
    const head = `HTTP/1.1\r\nHost: localhost\r\nCookie: ${running.cookie}\r\n\r\n`
    socket.write(`GET /first ${head}GET /second ${head}`)
    await reached
    socket.destroy()
    await settled()

    expect(running.engine.calls).toEqual(['load'])
    expect(await running.views()).toBe('2')
  })

  it('keeps its session, without a crash, if the logout fails', async () => {
    const running = await start()
    running.engine.fail('delete')

    await abandoned(
      async (req) => req.session.flush(),
      (_req, res) => res.end('text'),
      running,
    )

    running.engine.fail()
    expect(await running.views()).toBe('2')
  })

  it('makes write() give ERR_STREAM_DESTROYED to its callback', async () => {
    const running = await start()
    const told: unknown[] = []

    await abandoned(
      async (req) => (await req.session.load()).set('views', 100),
      (_req, res) => {
        res.write('text', (error) => told.push((error as NodeJS.ErrnoException).code))
      },
      running,
    )

    expect(told).toEqual(['ERR_STREAM_DESTROYED'])
  })
})
