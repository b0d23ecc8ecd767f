import type { MaybePromise } from '../actions.ts'

/** What a client was told, and how it is told so again, with the same or other arguments. */
export interface Command {
  readonly args: readonly unknown[]
  readonly run: (args: readonly unknown[]) => MaybePromise<unknown>
}

/** What makes a client of a client. */
const makers: ReadonlySet<unknown> = new Set(['withCommandOptions', 'prepare'])

/** A client that tells of every call. */
export function recorded<Client extends object>(
  client: Client,
  hear: (command: Command) => void,
): Client {
  return new Proxy(client, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      const run = (args: readonly unknown[]): MaybePromise<unknown> =>
        Reflect.apply(method, target, args) as MaybePromise<unknown>
      return (...args: unknown[]) => {
        hear({ args, run })
        const answer = run(args)
        return makers.has(name) ? recorded(answer as object, hear) : answer
      }
    },
  })
}
