import type { MaybePromise } from '../engine/engine.ts'
import type { SessionState } from '../session/session-state.ts'
import { isPromise } from '../steps.ts'

/**
 * Stands for a load or a write that is still on the stack, where `onEvent` may ask for another one of the same session: that
 * one goes on when the stack is empty.
 */
export const ON_STACK: Promise<void> = Promise.resolve()

/** Loads a session, unless it is loaded. Whoever asks for it meanwhile, even from within, gets the same load. */
export function loadOnce(state: SessionState, load: () => MaybePromise<void>): MaybePromise<void> {
  if (state.loaded) return undefined
  if (state.loading === ON_STACK) return ON_STACK.then(() => state.loading)
  if (state.loading !== undefined) return state.loading
  state.loading = ON_STACK
  const loading = started(load)
  state.loading = undefined
  if (isPromise(loading)) {
    const done = (): void => void (state.loading = undefined)
    state.loading = loading
    loading.then(done, done)
  }
  return loading
}

/** What a call throws becomes a rejection, which others can share. */
function started(load: () => MaybePromise<void>): MaybePromise<void> {
  try {
    return load()
  } catch (error) {
    return Promise.reject(error)
  }
}
