import { createServer, type Socket } from 'node:net'

/** A server whose replies a test decides. */
export interface FakeServer {
  /** Where it listens, as `host:port`. */
  readonly name: string
  /** How many connections it has had. */
  readonly connections: () => number
  readonly close: () => Promise<void>
}

/** Memcached's reply to the first request, reduced to what the client needs. */
const facts =
  'STAT pid 7\r\nSTAT uptime 1\r\nSTAT time 1767225600\r\nEND\r\nSTAT item_size_max 1048576\r\nEND\r\n'

/**
 * Starts a server that answers the first request of each connection with `first`, and passes every other to `answer`.
 *
 * @param answer Handles a request.
 * @param first The reply to the first request, by default memcached's; none if it is empty.
 */
export async function fakeServer(
  answer: (socket: Socket, request: string) => unknown,
  first: string = facts,
): Promise<FakeServer> {
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    let greeted = false
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      if (greeted) answer(socket, chunk.toString())
      else if (first !== '') socket.write(first)
      greeted = true
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    name: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
