/** Holds requests before each of their steps, and releases one at a time, so that a test decides their order. */
export class Scheduler {
  readonly #held = new Map<string, () => void>()
  #running = 0
  #idle: (() => void) | undefined

  /** Called by a request before each of its steps. */
  step(name: string): Promise<void> {
    return new Promise((resolve) => {
      this.#held.set(name, resolve)
      this.#pause()
    })
  }

  start(name: string, request: () => Promise<void>): void {
    this.#running++
    void this.step(name)
      .then(request)
      .finally(() => this.#pause())
  }

  /** Waits until every request is held or done, and returns those that are held. */
  async held(): Promise<string[]> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#idle = resolve))
    return [...this.#held.keys()].toSorted()
  }

  release(name: string): void {
    const resume = this.#held.get(name)
    this.#held.delete(name)
    this.#running++
    resume?.()
  }

  #pause(): void {
    this.#running--
    if (this.#running === 0) this.#idle?.()
  }
}

/**
 * Runs a scenario once for every order in which its requests can take their steps. A scenario starts its requests on the
 * scheduler, and returns a function that checks the result.
 *
 * @returns The number of orders.
 */
export async function everyInterleaving(
  scenario: (scheduler: Scheduler) => (order: readonly string[]) => Promise<void> | void,
): Promise<number> {
  const pending: string[][] = [[]]
  let orders = 0
  for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop()) {
    const scheduler = new Scheduler()
    const check = scenario(scheduler)
    const order: string[] = []
    for (let held = await scheduler.held(); held.length > 0; held = await scheduler.held()) {
      const next = prefix[order.length] ?? held[0] ?? ''
      if (order.length >= prefix.length) {
        for (const other of held) if (other !== next) pending.push([...order, other])
      }
      order.push(next)
      scheduler.release(next)
    }
    await check(order)
    orders++
  }
  return orders
}
