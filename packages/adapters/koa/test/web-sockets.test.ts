import { memoryEngine } from '@sessions/memory'
import { sessions, type SessionContext } from '@sessions/koa'
import type { Context, DefaultState } from 'koa'
import { once } from 'node:events'
import { createServer, IncomingMessage } from 'node:http'
import { connect, Socket, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { versions } from './served.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

for (const [version, Koa] of versions) {
  describe(`${version}: a context without a response, such as that of koa-websocket`, () => {
    for (const eager of [false, true]) {
      it(`eager: ${eager}: has a session, which is stored by save()`, async () => {
        const engine = memoryEngine()
        const settings = { engine }
        const known = sessions(settings)
        const app = new Koa<DefaultState, SessionContext>()
        app.use(known)
        app.use(async (ctx) => {
          const session = await ctx.session.load()
          session.set('views', session.get('views', 0) + 1)
          ctx.body = String(session.get('views'))
        })
        const mount = sessions(settings, { eager })
        const codes: unknown[] = []
        const views: unknown[] = []
        const server = createServer(app.callback())
        server.on('upgrade', async (req, socket) => {
          const ctx = contextOf(app, req)
          await mount(ctx, async () => {
            const session = await mount.load(ctx)
            views.push(session.get('views'))
            session.set('views', 10)
            await session.save().catch((error: { code: string }) => codes.push(error.code))
          })
          socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n')
        })
        server.listen(0, '127.0.0.1')
        closers.push(() => server.close().closeAllConnections())
        await once(server, 'listening')
        const { port } = server.address() as AddressInfo
        const url = `http://127.0.0.1:${port}`
        const first = await fetch(url)
        const cookie = String(first.headers.getSetCookie()[0]).split(';')[0] ?? ''

        await handshake(port, cookie)
        expect(codes).toEqual([])
        expect(await (await fetch(url, { headers: { cookie } })).text()).toBe('11')

        await handshake(port, '')
        expect(codes).toEqual(['SESSION_COMMITTED'])
        expect(views).toEqual([1, undefined])
      })
    }

    it('passes on an error of its handler', async () => {
      const app = new Koa()
      const mount = sessions({ engine: memoryEngine() })
      const req = Object.assign(new IncomingMessage(new Socket()), { upgrade: true })

      const handled = mount(contextOf(app, req), () => Promise.reject(new Error('told to fail')))

      await expect(handled).rejects.toThrow('told to fail')
    })
  })
}

function contextOf(app: object, req: IncomingMessage): Context {
  return (app as { createContext(req: IncomingMessage): Context }).createContext(req)
}

async function handshake(port: number, cookie: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.write(
    `GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nCookie: ${cookie}\r\n\r\n`,
  )
  await once(socket, 'data')
  socket.destroy()
}
