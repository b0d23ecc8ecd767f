/** A client that may emit events when it loses a connection. */
export interface Listenable {
  on?(event: string, listener: () => void): unknown
}

/**
 * The events of clients that have lost or left a connection, and may send again what was not answered: ioredis, its
 * cluster, and the sentinels of node-redis, when another master takes over. Other clients of node-redis reject what was
 * not answered.
 */
const EVENTS = ['close', '-node', 'topology-change']

/** One count for each client, however many engines use it: Node reports many listeners as a leak. */
const counts = new WeakMap<Listenable, { losses: number }>()

/** Returns a function that counts the connections a client has lost since the first call for this client. */
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
