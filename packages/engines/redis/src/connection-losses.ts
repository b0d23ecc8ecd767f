/** What tells of lost connections, where it does. */
export interface Listenable {
  on?(event: string, listener: () => void): unknown
}

/**
 * How clients say that they have lost a connection, or left it, and may send again what was not answered: ioredis, its
 * cluster, and the sentinels of node-redis, those where another master takes over. Other clients of node-redis reject what
 * was not answered.
 */
const EVENTS = ['close', '-node', 'topology-change']

/** One count for each client, however many engines it has: more listeners would be taken for a leak. */
const counts = new WeakMap<Listenable, { losses: number }>()

/** Tells how many connections a client has lost since it was first asked about. */
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
