import type { MaybePromise } from '../engine/engine.ts'
import type { SessionState } from '../session/session-state.ts'
import { isPromise } from '../steps.ts'

/**
 * Stands for a load or a write that is still on the stack, where `onEvent` may ask for another one of the same session: that
 * one goes on when the stack is empty.
 */
const ON_STACK: Promise<void> = Promise.resolve()

/** Loads a session, unless it is loaded. Whoever asks for it meanwhile, even from within, gets the same load. */
export function loadOnce(state: SessionState, load: () => MaybePromise<void>): MaybePromise<void> {
  if (state.loaded) return undefined
  if (state.loading === ON_STACK) return ON_STACK.then(() => state.loading)
  return state.loading ?? noting(state, 'loading', () => started(load))
}

/** Calls a function, and notes in the state that its work is in flight, from the call until it has ended. */
export function noting(
  state: SessionState,
  work: 'loading' | 'writing',
  call: () => MaybePromise<void>,
): MaybePromise<void> {
  let running: MaybePromise<void>
  state[work] = ON_STACK
  try {
    running = call()
  } finally {
    state[work] = undefined
  }
  if (isPromise(running)) {
    const done = (): void => void (state[work] = undefined)
    state[work] = running
    running.then(done, done)
  }
  return running
}

/** What a call throws becomes a rejection, which others can share. */
function started(load: () => MaybePromise<void>): MaybePromise<void> {
  try {
    return load()
  } catch (error) {
    return Promise.reject(error)
  }
}
