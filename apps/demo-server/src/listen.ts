import type { Listener } from 'demo-page'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Address } from './options.ts'

/** A server that listens. */
export interface Listening {
  readonly port: number
  /** Stops listening, and resolves when the requests in flight have been answered. */
  readonly close: () => Promise<void>
}

/** How long requests in flight may take to be answered when the server stops, in milliseconds. */
const GRACE = 500

/** Listens at an address. */
export function listen(listener: Listener, { port, hostname }: Address): Promise<Listening> {
  const server = createServer((req, res) => void listener(req, res))
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      // Browsers keep connections open on which they have sent no request.
      const timer = setTimeout(() => server.closeAllConnections(), GRACE)
      server.close(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, hostname, () => {
      resolve({ port: (server.address() as AddressInfo).port, close })
    })
  })
}
