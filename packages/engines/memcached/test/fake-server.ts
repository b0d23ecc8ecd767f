import { createServer, type Socket } from 'node:net'

/** A server that says what a test has it say. */
export interface FakeServer {
  /** Where it listens, as `host:port`. */
  readonly name: string
  /** How many connections it has had. */
  readonly connections: () => number
  readonly close: () => Promise<void>
}

/** What memcached says first, in a few words. */
const facts =
  'STAT pid 7\r\nSTAT uptime 1\r\nSTAT time 1767225600\r\nEND\r\nSTAT item_size_max 1048576\r\nEND\r\n'

/**
 * Starts a server that answers the first request of each connection as memcached does, and every other one by what is given.
 *
 * @param answer What it does with a request.
 * @param first What it says first, if that is not what memcached says.
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
