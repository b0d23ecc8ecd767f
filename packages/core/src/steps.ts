import type { MaybePromise } from './engine/engine.ts'

/** Whether a `MaybePromise` is a promise. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value
}

/** `value.then(next)`, but synchronous if the value is no promise: a synchronous engine costs no microtask. */
export function chain<T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
): MaybePromise<R> {
  return isPromise(value) ? value.then(next) : next(value)
}

/** Calls `next` with the result of a call, or `failed` with what it throws or rejects with. Synchronous if the call is. */
export function attempt<T, R>(
  call: () => MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
  failed: (error: unknown) => never,
): MaybePromise<R> {
  let value: MaybePromise<T>
  try {
    value = call()
  } catch (error) {
    return failed(error)
  }
  // An application's engine may return a thenable that is not a real promise.
  return isPromise(value) ? Promise.resolve(value).then(next, failed) : next(value)
}

/**
 * The same for code with loops: a generator that yields the promises it waits for, as an async function awaits them. Only for
 * rare paths: with generators everywhere, changing a session in memory took a fifteenth longer
 * (`npm run bench -- --sections http --only sessions/http/memory`).
 */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>

/** Awaits a value within `Steps`, if it is a promise. */
export function* wait<T>(value: MaybePromise<T>): Steps<T> {
  return isPromise(value) ? ((yield value) as T) : value
}

/** Runs `Steps`, synchronously until they yield a promise. */
export function run<T>(steps: Steps<T>): MaybePromise<T> {
  return proceed(steps, steps.next())
}

function proceed<T>(steps: Steps<T>, step: IteratorResult<Promise<unknown>, T>): MaybePromise<T> {
  if (step.done === true) return step.value
  return Promise.resolve(step.value).then(
    (value) => proceed(steps, steps.next(value)),
    (error: unknown) => proceed(steps, steps.throw(error)),
  )
}
