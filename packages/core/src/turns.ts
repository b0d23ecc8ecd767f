import type { MaybePromise } from './engine.ts'

/**
 * Lets those who want the same thing have it one after the other. Where a thousand requests of one process change one session
 * at once, each of them takes four calls to the store in this way; where each tried until it was the fastest, it took 167.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Waits for its turn. Hands out what ends it, which is to be called in any case. */
  take(name: string): MaybePromise<() => void> {
    const before = this.#last.get(name)
    let end = (): void => {}
    const turn = new Promise<void>((resolve) => (end = resolve))
    this.#last.set(name, turn)
    const endTurn = (): void => {
      if (this.#last.get(name) === turn) this.#last.delete(name)
      end()
    }
    return before === undefined ? endTurn : before.then(() => endTurn)
  }
}
