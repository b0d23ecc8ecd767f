import { memoryEngine } from '@sessions/memory'
import { sessions } from '@sessions/node'
import { once } from 'node:events'
import { createServer, ServerResponse, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ask } from './support/client.ts'
import { cookieOf, exchange } from './support/exchange.ts'
import { gatedEngine } from './support/gated-engine.ts'
import { serve } from './support/servers.ts'

describe('openUpgrade', () => {
  it('reads the session of a WebSocket handshake, whose save() stores changes', async () => {
    const engine = gatedEngine()
    const mount = sessions({ engine })
    const server = createServer(async (req, res) => {
      mount(req, res)
      const session = await mount.load(req)
      session.set('views', session.get('views', 0) + 1)
      res.end(String(session.get('views')))
    })
    const codes: unknown[] = []
    server.on('upgrade', async (req, socket) => {
      const session = await mount.openUpgrade(req).load()
      const views = session.get('views', 0)
      session.set('views', 10)
      await session.save().catch((error: { code: string }) => codes.push(error.code))
      socket.end(`HTTP/1.1 101 Switching Protocols\r\nX-Views: ${String(views)}\r\n\r\n`)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}`
    const upgrade = async (cookie: string): Promise<string> => {
      const socket = connect(port, '127.0.0.1')
      socket.write(
        `GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nCookie: ${cookie}\r\n\r\n`,
      )
      const [received] = await once(socket.setEncoding('utf8'), 'data')
      return received as string
    }

    const cookie = cookieOf((await ask(url)).headers)
    expect(await upgrade(cookie)).toContain('X-Views: 1')
    expect(codes).toEqual([])
    expect((await ask(url, { headers: { cookie } })).body).toBe('11')

    engine.calls.length = 0
    expect(await upgrade('')).toContain('X-Views: 0')
    expect(codes).toEqual(['SESSION_COMMITTED'])
    expect(engine.calls).toEqual([])
    server.close()
    server.closeAllConnections()
  })

  const responses: Readonly<
    Record<string, (req: IncomingMessage, socket: Socket) => ServerResponse>
  > = {
    'without a connection, such as the one of express-ws': (req) => new ServerResponse(req),
    'with its connection, such as the one of @fastify/websocket': (req, socket) => {
      const res = new ServerResponse(req)
      res.assignSocket(socket)
      return res
    },
  }

  for (const [name, createResponse] of Object.entries(responses)) {
    it(`is done by a mount if a library made a response for the handshake, ${name}`, async () => {
      const engine = gatedEngine()
      const mount = sessions({ engine })
      const { port, server } = await serve(() => {})
      server.on('upgrade', async (req, socket) => {
        mount(req, createResponse(req, socket as Socket))
        const session = await mount.load(req)
        session.set('views', 1)
        const saving: Promise<unknown> = session.save()
        const code = await saving.catch((error: { code: string }) => error.code)
        socket.end(`HTTP/1.1 101 Switching Protocols\r\nX-Code: ${String(code)}\r\n\r\n`)
      })

      expect(await handshake(port)).toContain('X-Code: SESSION_COMMITTED')
      expect(engine.calls).toEqual([])
    })
  }

  it('is not done by a mount if the server has no upgrade listener: the request is answered like any other', async () => {
    const mount = sessions({ engine: gatedEngine() })
    const { port } = await serve(async (req, res) => {
      mount(req, res)
      const session = await mount.load(req)
      session.set('views', 1)
      res.end('text')
    })

    const received = await handshake(port)

    expect(received).toContain('HTTP/1.1 200 OK')
    expect(received).toContain('Set-Cookie: sessionid=')
  })

  it('does not call the store by itself, not even with saveEveryRequest', () => {
    const engine = gatedEngine()
    const mount = sessions({ engine, saveEveryRequest: true })

    mount.openUpgrade(exchange(`sessionid=${'a'.repeat(32)}`).req)

    expect(engine.calls).toEqual([])
  })

  it('is done by a mount if the response is a stand-in with a few methods, such as that of engine.io', async () => {
    const { req } = exchange()
    const res = { setHeader() {}, getHeader() {}, removeHeader() {}, write() {}, end() {} }
    const mount = sessions({ engine: memoryEngine() })

    mount(req, res as never, () => {})
    const session = await mount.load(req)

    expect(session.get('views')).toBeUndefined()
    expect(Object.keys(res)).toEqual(['setHeader', 'getHeader', 'removeHeader', 'write', 'end'])
  })
})

/** The answer of a server to a WebSocket handshake without a cookie. */
async function handshake(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  const [received] = await once(socket.setEncoding('utf8'), 'data')
  socket.destroy()
  return received as string
}
