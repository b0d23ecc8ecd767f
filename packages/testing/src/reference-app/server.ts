import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ReferenceServer } from './options.ts'

/** For `createServer` of `node:http`: absurd cookies must reach the application. */
export const referenceServerOptions: { readonly maxHeaderSize: number } = {
  maxHeaderSize: 128 * 1024,
}

/** Listens with a server of `node:http` on a port of this machine, a free one where none is given. */
export function listen(server: Server, port = 0): Promise<ReferenceServer> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as AddressInfo
      resolve({ url: `http://127.0.0.1:${address.port}`, close: () => close(server) })
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)))
    server.closeAllConnections()
  })
}
