import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A proxy to a server that a test can block. */
export interface Proxy {
  readonly port: number
  /** Stops forwarding in both directions, and closes nothing. New connections are accepted. */
  readonly hang: () => void
  /** Forwards again, over new connections, what arrives from now on. */
  readonly recover: () => void
  /** Closes the connection on which the next reply contains this text, after forwarding the part before it. */
  readonly cutBefore: (text: string) => void
  /** Resets every connection. */
  readonly reset: () => void
  readonly close: () => Promise<void>
}

/** A TCP proxy on a free port of the loopback address. */
export async function proxyTo(port: number): Promise<Proxy> {
  let hanging = false
  let cut: string | undefined
  const sockets = new Set<Socket>()
  const forward = (
    from: Socket,
    to: Socket,
    send = (chunk: Buffer): unknown => to.write(chunk),
  ): void => {
    sockets.add(from)
    from.on('data', (chunk: Buffer) => hanging || send(chunk))
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    from.on('error', () => undefined)
  }
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    forward(client, upstream)
    forward(upstream, client, (answer) => {
      const end = cut === undefined ? -1 : answer.indexOf(cut)
      if (end < 0) return client.write(answer)
      cut = undefined
      client.end(answer.subarray(0, end))
      return upstream.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    hang: () => void (hanging = true),
    recover: () => void (hanging = false),
    cutBefore: (text) => void (cut = text),
    reset() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
