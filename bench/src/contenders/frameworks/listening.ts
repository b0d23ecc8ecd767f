import { once } from 'node:events'
import type { Server } from 'node:net'

/** The port of a server that was told to listen. */
export async function listening(server: Server): Promise<number> {
  if (!server.listening) await once(server, 'listening')
  return (server.address() as { port: number }).port
}
