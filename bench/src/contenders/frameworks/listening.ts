import { once } from 'node:events'
import type { Server } from 'node:http'

/** The port of a server that was told to listen. It closes no connection that waits for others to be measured. */
export async function listening(server: Server): Promise<number> {
  server.keepAliveTimeout = 600_000
  if (!server.listening) await once(server, 'listening')
  return (server.address() as { port: number }).port
}
