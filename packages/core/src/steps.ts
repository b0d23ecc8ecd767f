import type { MaybePromise } from './engine/engine.ts'

/** Whether a value is still to come. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value
}

/** Goes on with a value: at once where it is there, so that nothing waits for an engine that answers at once. */
export function after<T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
): MaybePromise<R> {
  return isPromise(value) ? value.then(next) : next(value)
}

/** Goes on with what a call answers, or with its failure. */
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
  // An application's engine may answer by something that only looks like a promise.
  return isPromise(value) ? Promise.resolve(value).then(next, failed) : next(value)
}

/**
 * The same for work that loops: a generator that hands out the promises it waits for. With generators all the way, a change
 * of a session in memory took a fifteenth more (`npm run bench -- --sections http --only sessions/http/memory`), so that they
 * are for what few requests do.
 */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>

/** A value of which it is not known whether it is there. */
export function* wait<T>(value: MaybePromise<T>): Steps<T> {
  return isPromise(value) ? ((yield value) as T) : value
}

/** Does the work, at once as far as that goes. */
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
