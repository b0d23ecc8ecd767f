import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Stands before a store, and lets it wait for what it is told. */
export interface DelayingProxy {
  readonly port: number
  /** Milliseconds by which whatever goes to the store is late. */
  delay: number
  close(): void
}

/** Starts a proxy on a free port of this machine. */
export async function delayingProxy(host: string, port: number): Promise<DelayingProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const store = connect(port, host)
    for (const socket of [client, store]) {
      sockets.add(socket)
      // Whoever is connected through here notices by itself.
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        store.destroy()
      })
    }
    let before: Promise<unknown> = Promise.resolve()
    client.on('data', (chunk) => {
      const { delay } = proxy
      before = Promise.all([before, delay > 0 && sleep(delay)]).then(() => store.write(chunk))
    })
    store.pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: DelayingProxy = {
    port: (server.address() as AddressInfo).port,
    delay: 0,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
  return proxy
}
