import type { MaybePromise } from '../engine/engine.ts'
import { isPromise } from '../steps.ts'

/**
 * Runs asynchronous work under one name one after the other. If many requests of one process change the same session at
 * once, each of them then makes four calls to the store. If they all retried at once, their calls would grow with the square
 * of their number.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Runs the work once all earlier work under this name has settled. */
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
