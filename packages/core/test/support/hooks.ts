import type { MaybePromise } from '../../src/engine/engine.ts'

/** Runs before an engine call of that name, for example another request or a failure. */
export type Hook = (operation: string) => MaybePromise<void>

/** A hook for only the next call of that name. */
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
