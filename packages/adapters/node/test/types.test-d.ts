import { createSessions, type Session, type UnloadedSession } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { answerError, sessions, type SessionRequest, type SessionsMiddleware } from '@sessions/node'
import connect from 'connect'
import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { expectTypeOf } from 'vitest'

interface MyData {
  userId: string
  views: number
}

const manager = createSessions<MyData>({ engine: memoryEngine() })
const mount = sessions(manager)
expectTypeOf(mount).toEqualTypeOf<SessionsMiddleware<MyData>>()

// Raw http: without next, and with.
createServer(async (req, res) => {
  mount(req, res)
  const session = await mount.load(req)
  expectTypeOf(session).toEqualTypeOf<Session<MyData>>()
  expectTypeOf(session.get('views', 0)).toEqualTypeOf<number>()
  // @ts-expect-error no such key
  session.set('nobody', 1)
  // @ts-expect-error no such value
  session.set('views', 'many')
})
createHttpsServer({}, (req, res) => {
  mount(req, res, (error) => {
    expectTypeOf(error).toEqualTypeOf<unknown>()
    answerError(res, error)
  })
})

// HTTP/2.
createHttp2Server(async (req, res) => {
  mount(req, res)
  expectTypeOf(await mount.load(req)).toEqualTypeOf<Session<MyData>>()
  answerError(res, new Error())
})

// connect.
connect().use(mount).use('/path', mount)

// Handlers name the type of their request.
function handle(req: SessionRequest<MyData>): void {
  expectTypeOf(req.session).toEqualTypeOf<UnloadedSession<MyData>>()
  // @ts-expect-error its data cannot be touched before it is loaded
  req.session.get('views')
  req.session.flush()
}
createServer((req, res) => {
  mount(req, res)
  handle(req as SessionRequest<MyData>)
})
function handleLoaded(req: SessionRequest<MyData, Session<MyData>>): number {
  return req.session.get('views', 0)
}
expectTypeOf(handleLoaded).returns.toEqualTypeOf<number>()

// A WebSocket handshake.
createServer().on('upgrade', async (req) => {
  expectTypeOf(mount.openUpgrade(req)).toEqualTypeOf<UnloadedSession<MyData>>()
})

// Untyped settings: any string key.
createServer(async (req, res) => {
  const untyped = sessions({ engine: memoryEngine() })
  untyped(req, res)
  const session = await untyped.load(req)
  session.set('views', session.get('views', 0) + 1)
})

// Settings with a type of their own, and options.
sessions<MyData>(
  { engine: memoryEngine(), attributes: { userId: (data) => data.userId } },
  { eager: true, https: (req) => req.headers['x-forwarded-proto'] === 'https' },
)

// @ts-expect-error an engine is required
sessions({})
// @ts-expect-error no such setting
sessions({ engine: memoryEngine(), cookies: {} })
