import type { MaybePromise } from './engine.ts'

/**
 * Work that waits only where it must: a generator that hands out the promises it waits for. An async function waits at
 * each `await`, this does not wait for an engine that answers at once; then the whole of it is done at once.
 */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>

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

/** Whether a value is still to come. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value
}
