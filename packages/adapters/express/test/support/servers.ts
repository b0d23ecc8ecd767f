import { createServer, type RequestListener } from 'node:http'
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
}

/** Starts a server of HTTP/1 until the end of the test. */
export async function serve(app: RequestListener): Promise<TestServer> {
  const server = createServer(app)
  return start(server, () => server.closeAllConnections())
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
  return { url: `http://127.0.0.1:${port}`, port }
}
