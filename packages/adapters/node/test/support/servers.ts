import { createServer, type RequestListener } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import { afterEach } from 'vitest'

const running = new Set<() => Promise<void>>()

afterEach(async () => {
  const closing = [...running].map((close) => close())
  running.clear()
  await Promise.all(closing)
})

/** A server that runs until the end of the test. */
export interface TestServer {
  readonly url: string
  readonly port: number
  readonly server: Server
}

/** Starts a server of HTTP/1 until the end of the test. */
export async function serve(app: RequestListener): Promise<TestServer> {
  const server = createServer(app)
  return start(server, () => server.closeAllConnections())
}

/** Starts a server of HTTP/2, without TLS, until the end of the test. */
export async function serveHttp2(app: RequestListener): Promise<TestServer> {
  const server = createHttp2Server(app as never)
  const sessions = new Set<{ destroy(): void }>()
  server.on('session', (session) => sessions.add(session))
  return start(server, () => {
    for (const session of sessions) session.destroy()
  })
}

async function start(server: Server, hangUp: () => void): Promise<TestServer> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  running.add(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        hangUp()
      }),
  )
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, server }
}
