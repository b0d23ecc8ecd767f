import { connect, createServer, type Socket } from 'node:net'

/** A network between a client and a server, which a test can break. */
export interface Proxy {
  readonly url: string
  /** From now on nothing gets through, and nobody is told. */
  readonly hang: () => void
  /** From now on everything gets through, what waited included. */
  readonly resume: () => void
  /** Lets requests through and loses the answers, until connections are dropped; resolves when one was lost. */
  readonly loseAnswer: () => Promise<void>
  /** Ends all connections. */
  readonly drop: () => void
  readonly close: () => Promise<void>
}

/** Starts a proxy before the server at a port. */
export async function proxyTo(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let hanging = false
  let lost: (() => void) | undefined
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('data', (chunk) => {
        if (socket === far && lost !== undefined) lost()
        else other.write(chunk)
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
  const own = typeof address === 'object' && address !== null ? address.port : 0
  const drop = (): void => {
    lost = undefined
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `redis://127.0.0.1:${own}`,
    hang() {
      hanging = true
      for (const socket of sockets) socket.pause()
    },
    resume() {
      hanging = false
      for (const socket of sockets) socket.resume()
    },
    loseAnswer: () => new Promise((resolve) => (lost = resolve)),
    drop,
    async close() {
      drop()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
