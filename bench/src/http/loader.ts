import { fork, type ChildProcess, type ForkOptions } from 'node:child_process'
import { compiled } from '../compile.ts'

/** An order to a process that loads servers. */
export type Order =
  | {
      readonly what: 'ask'
      readonly port: number
      readonly connections: number
      readonly path: string
      readonly withCookie: boolean
      /** The minimum number of requests on each connection. */
      readonly requests: number
      /** The minimum duration. */
      readonly milliseconds?: number
      /** The maximum duration in milliseconds, even if `requests` have not been sent by then. */
      readonly patience?: number
    }
  | { readonly what: 'leave'; readonly port: number }

/** The duration of each request. */
export interface Times {
  readonly milliseconds: readonly number[]
}

/** An order with the number that its outcome will carry. */
export type NumberedOrder = Order & { readonly number: number }

/** The answer to an order. */
export type Outcome = { readonly number: number } & (Times | { readonly error: string })

/** Processes that load servers. */
export interface Loader {
  /** Has all processes carry out the order at once; its connections are divided among them. */
  ask(order: Omit<Extract<Order, { what: 'ask' }>, 'what'>): Promise<Times>
  /** Closes the connections to a server and forgets its cookies. */
  leave(port: number): Promise<void>
  close(): void
}

/** Starts processes that load servers. They end with this one. */
export async function startLoader(count: number): Promise<Loader> {
  const program = await compiled(new URL('load.ts', import.meta.url))
  // There are many times to send: structured cloning is cheaper than JSON.
  const options: ForkOptions = { execArgv: ['--no-warnings'], serialization: 'advanced' }
  const children = Array.from({ length: count }, () => fork(program, options))
  // Each order in flight adds a listener.
  for (const child of children) child.setMaxListeners(0)
  let number = 0
  const all = async (order: Order): Promise<Times> => {
    number += 1
    const numbered = { ...order, number }
    const outcomes = await Promise.all(children.map((child) => carriedOut(child, numbered)))
    return { milliseconds: outcomes.flatMap(({ milliseconds }) => milliseconds) }
  }
  return {
    ask: (order) => all({ ...order, what: 'ask', connections: order.connections / count }),
    async leave(port) {
      await all({ what: 'leave', port })
    },
    close() {
      for (const child of children) child.disconnect()
    },
  }
}

/** Sends an order and waits for its outcome. Several orders may be in flight. */
function carriedOut(child: ChildProcess, order: NumberedOrder): Promise<Times> {
  return new Promise((resolve, reject) => {
    const listen = (outcome: Outcome): void => {
      if (outcome.number !== order.number) return
      child.off('message', listen)
      child.off('exit', fail)
      if ('error' in outcome) reject(new Error(outcome.error))
      else resolve(outcome)
    }
    const fail = (): void => reject(new Error('A process that loads servers has exited.'))
    child.on('message', listen)
    child.on('exit', fail)
    child.send(order, (error) => {
      if (error !== null) fail()
    })
  })
}
