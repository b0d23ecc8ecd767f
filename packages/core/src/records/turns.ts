import type { MaybePromise } from '../engine/engine.ts'
import { isPromise } from '../steps.ts'

/**
 * Has what is done under one name done one after the other. Where many requests of one process change one session at once,
 * each of them takes four calls to the store in this way. If each tried until it was the fastest, their calls would grow with
 * the square of their number.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Does the work once that before it has ended, in whatever way. */
  take<T>(name: string, work: () => MaybePromise<T>): MaybePromise<T> {
    const before = this.#last.get(name)
    const answer = before === undefined ? work() : before.then(work)
    if (!isPromise(answer)) return answer
    const done = (): void => {
      if (this.#last.get(name) === ended) this.#last.delete(name)
    }
    const ended = answer.then(done, done)
    this.#last.set(name, ended)
    return answer
  }
}
