import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ReferenceServer } from './options.ts'

/** Options for `createServer` of `node:http`, so that oversized cookies reach the application. */
export const referenceServerOptions: { readonly maxHeaderSize: number } = {
  maxHeaderSize: 128 * 1024,
}

/** Makes a server of `node:http` listen on 127.0.0.1, on a free port by default. */
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
