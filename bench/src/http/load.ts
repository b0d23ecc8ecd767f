/*
 * Loads servers until the parent process disconnects. Each message is an order, answered with the times of its requests.
 */
import { createConnection, type Connection } from './connection.ts'
import type { NumberedOrder, Order, Times } from './loader.ts'

const clients = new Map<number, readonly Connection[]>()

process.on('disconnect', () => process.exit())
process.on('message', (order: NumberedOrder) => {
  const { number } = order
  carryOut(order).then(
    (times) => process.send?.({ number, ...times }),
    (error: unknown) => process.send?.({ number, error: String(error) }),
  )
})

async function carryOut(order: Order): Promise<Times> {
  if (order.what === 'leave') {
    for (const client of clients.get(order.port) ?? []) client.close()
    clients.delete(order.port)
    return { milliseconds: [] }
  }
  const all = clientsOf(order.port, order.connections)
  await Promise.all(all.map((client) => client.open()))
  const times: number[] = []
  const start = performance.now()
  const deadline = start + (order.milliseconds ?? 0)
  const end = start + (order.patience ?? Infinity)
  const stop = stayAwake()
  try {
    await Promise.all(
      all.map((client) => {
        let left = order.requests
        return client.run(order, (milliseconds) => {
          times.push(milliseconds)
          left -= 1
          const now = performance.now()
          return now < end && (left > 0 || now < deadline)
        })
      }),
    )
  } finally {
    stop()
  }
  return { milliseconds: times }
}

/**
 * Keeps this process from sleeping until the returned function is called. A sleeping client has to be woken by the
 * server's write, and the server's CPU time pays for it: on virtual machines as much as for a whole bare response. The
 * slower a server is, the more of its clients would sleep.
 */
function stayAwake(): () => void {
  let awake = true
  const turn = (): void => {
    if (awake) setImmediate(turn)
  }
  turn()
  return () => void (awake = false)
}

function clientsOf(port: number, count: number): readonly Connection[] {
  const known = clients.get(port)
  if (known?.length === count) return known
  for (const client of known ?? []) client.close()
  const made = Array.from({ length: count }, () => createConnection(port))
  clients.set(port, made)
  return made
}
