import { fork, type ChildProcess, type ForkOptions } from 'node:child_process'
import { compiled } from '../compile.ts'

/** What a process that loads servers is told to do. */
export type Order =
  | {
      readonly what: 'ask'
      readonly port: number
      readonly connections: number
      readonly path: string
      readonly withCookie: boolean
      /** How many requests each connection sends at least. */
      readonly requests: number
      /** For how long each connection goes on at least. */
      readonly milliseconds?: number
      /** For how many milliseconds each connection goes on at most, however many requests that are. */
      readonly patience?: number
    }
  | { readonly what: 'leave'; readonly port: number }

/** How long each request took. */
export interface Times {
  readonly milliseconds: readonly number[]
}

/** An order, and by what its answer is known. */
export type NumberedOrder = Order & { readonly number: number }

/** What it answers. */
export type Outcome = { readonly number: number } & (Times | { readonly error: string })

/** Processes that load servers. */
export interface Loader {
  /** Has all of them do the same at once; the connections are shared among them. */
  ask(order: Omit<Extract<Order, { what: 'ask' }>, 'what'>): Promise<Times>
  /** Closes what is open to a server, and forgets its cookies. */
  leave(port: number): Promise<void>
  close(): void
}

/** Starts processes that load servers. They end with this one. */
export async function startLoader(count: number): Promise<Loader> {
  const program = await compiled(new URL('load.ts', import.meta.url))
  // Times are many: they are better copied than written out.
  const options: ForkOptions = { execArgv: ['--no-warnings'], serialization: 'advanced' }
  const children = Array.from({ length: count }, () => fork(program, options))
  // One for each order that is under way.
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

/** Several orders may be under way at once. */
function carriedOut(child: ChildProcess, order: NumberedOrder): Promise<Times> {
  return new Promise((resolve, reject) => {
    const listen = (outcome: Outcome): void => {
      if (outcome.number !== order.number) return
      child.off('message', listen)
      if ('error' in outcome) reject(new Error(outcome.error))
      else resolve(outcome)
    }
    child.on('message', listen)
    child.send(order)
  })
}
