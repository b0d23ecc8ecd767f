import type { MaybePromise } from '../../src/engine/engine.ts'

/** What happens before an engine call of that name is carried out: another request, a failure. */
export type Hook = (operation: string) => MaybePromise<void>

/** A hook for the next call of that name alone. */
export function once(name: string, act: () => MaybePromise<void>): Hook {
  let done = false
  return async (operation) => {
    if (done || operation !== name) return
    done = true
    await act()
  }
}

export const nothing: Hook = () => {}

/** The store is down. */
export function down(): never {
  throw new Error('down')
}
