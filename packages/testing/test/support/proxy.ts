import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy between a client and a server, with which a test simulates network faults. */
export interface Proxy {
  /** Its port on the loopback address. */
  readonly port: number
  /** Stops forwarding, without closing any connection. */
  readonly hang: () => void
  /** Forwards again, including everything that arrived in the meantime. */
  readonly resume: () => void
  /**
   * Forwards requests, but only the first `after` bytes of the responses, until the connections are dropped. Resolves when
   * a response has been cut off.
   */
  readonly loseAnswer: (after?: number) => Promise<void>
  /** Closes all connections. */
  readonly drop: () => void
  readonly close: () => Promise<void>
}

/** Starts a proxy in front of the server at a port. */
export async function proxyTo(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let hanging = false
  let lost: (() => void) | undefined
  let passing = 0
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('data', (chunk) => {
        if (socket === near || lost === undefined) return void other.write(chunk)
        other.write(chunk.subarray(0, passing), lost)
        passing = Math.max(0, passing - chunk.length)
      })
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      if (hanging) socket.pause()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const drop = (): void => {
    lost = undefined
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    hang() {
      hanging = true
      for (const socket of sockets) socket.pause()
    },
    resume() {
      hanging = false
      for (const socket of sockets) socket.resume()
    },
    loseAnswer: (after = 0) =>
      new Promise((resolve) => {
        passing = after
        lost = resolve
      }),
    drop,
    async close() {
      drop()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
