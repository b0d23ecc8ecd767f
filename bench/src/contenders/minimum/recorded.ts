import type { MaybePromise } from '../actions.ts'

/** A recorded call of a client's method. */
export interface Command {
  readonly args: readonly unknown[]
  /** Calls the same method again, with these arguments. */
  readonly run: (args: readonly unknown[]) => MaybePromise<unknown>
}

/** Methods that return another object to send commands through, whose calls have to be recorded as well. */
const factories: ReadonlySet<unknown> = new Set(['withCommandOptions', 'prepare'])

/** Wraps a client so that every method call is reported to `record`. */
export function recorded<Client extends object>(
  client: Client,
  record: (command: Command) => void,
): Client {
  return new Proxy(client, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      const run = (args: readonly unknown[]): MaybePromise<unknown> =>
        Reflect.apply(method, target, args) as MaybePromise<unknown>
      return (...args: unknown[]) => {
        record({ args, run })
        const answer = run(args)
        return factories.has(name) ? recorded(answer as object, record) : answer
      }
    },
  })
}
