import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A TCP proxy in front of a store that delays whatever clients send. */
export interface DelayingProxy {
  readonly port: number
  /** The delay in milliseconds of data on its way to the store. May be changed at any time. */
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
      // Both ends notice a broken connection when it closes.
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        store.destroy()
      })
    }
    let written: Promise<unknown> = Promise.resolve()
    client.on('data', (chunk) => {
      const { delay } = proxy
      written = Promise.all([written, delay > 0 && sleep(delay)]).then(() => store.write(chunk))
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
