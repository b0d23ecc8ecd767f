import { once } from 'node:events'
import type { Server } from 'node:http'

/**
 * Waits until a server listens, and resolves to its port. Raises the keep-alive timeout, so that the server's connections
 * survive while other servers have their turn.
 */
export async function listening(server: Server): Promise<number> {
  server.keepAliveTimeout = 600_000
  if (!server.listening) await once(server, 'listening')
  return (server.address() as { port: number }).port
}
