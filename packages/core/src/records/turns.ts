import type { MaybePromise } from '../engine/engine.ts'
import { attempt } from '../steps.ts'

/** How much waiting work a failure starts at once. */
const AFTER_FAILURE = 8

interface Queue {
  /** How much work is under way. */
  running: number
  /** Starts the work that waits, in order. */
  readonly waiting: (() => void)[]
}

/**
 * Runs asynchronous work under one name one after the other. If many requests of one process change the same session at
 * once, each of them then makes four calls to the store. If they all retried at once, their calls would grow with the square
 * of their number.
 *
 * Work that fails starts several others: behind a store that does not answer, each would otherwise wait for the time-outs of
 * all before it.
 */
export class Turns {
  readonly #queues = new Map<string, Queue>()

  /** Runs the work once earlier work under this name has settled. */
  take<T>(name: string, work: () => MaybePromise<T>): MaybePromise<T> {
    const known = this.#queues.get(name)
    if (known !== undefined) {
      const turn = new Promise<void>((start) => void known.waiting.push(start))
      return turn.then(() => this.#run(name, known, work))
    }
    const queue: Queue = { running: 1, waiting: [] }
    this.#queues.set(name, queue)
    return this.#run(name, queue, work)
  }

  #run<T>(name: string, queue: Queue, work: () => MaybePromise<T>): MaybePromise<T> {
    return attempt(
      work,
      (answer) => {
        this.#finish(name, queue, 1)
        return answer
      },
      (error) => {
        this.#finish(name, queue, AFTER_FAILURE)
        throw error
      },
    )
  }

  #finish(name: string, queue: Queue, next: number): void {
    const starting = queue.waiting.splice(0, next)
    queue.running += starting.length - 1
    if (queue.running === 0) this.#queues.delete(name)
    for (const start of starting) start()
  }
}
