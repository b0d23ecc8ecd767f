/** A client that may emit events when it loses a connection. */
export interface Listenable {
  on?(event: string, listener: () => void): unknown
}

/**
 * The events with which a client reports that it has lost or left a connection, after which it may resend unanswered
 * commands: `close` of ioredis, `-node` of its cluster, and `topology-change` of node-redis's sentinel client, when
 * another master takes over. The other clients of node-redis reject unanswered commands.
 */
const EVENTS = ['close', '-node', 'topology-change']

/** One count per client, shared by all its engines: Node reports many listeners as a leak. */
const counts = new WeakMap<Listenable, { losses: number }>()

/** Returns a function that tells how many connections the client has lost since the first call for this client. */
export function connectionLosses(client: Listenable): () => number {
  const count = counts.get(client) ?? countLosses(client)
  return () => count.losses
}

function countLosses(client: Listenable): { losses: number } {
  const count = { losses: 0 }
  for (const event of EVENTS) client.on?.(event, () => (count.losses += 1))
  counts.set(client, count)
  return count
}
