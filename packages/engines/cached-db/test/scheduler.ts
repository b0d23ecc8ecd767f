/** Holds calls before they take effect, and releases one at a time, so that a test decides their order. */
export class Scheduler {
  readonly #held: { readonly call: string; readonly go: () => void }[] = []

  /** Resolves when it is this call's turn. */
  turn(call: string): Promise<void> {
    return new Promise((go) => this.#held.push({ call, go }))
  }

  /** The calls that wait for their turn, once nothing else moves. */
  async held(): Promise<readonly string[]> {
    await new Promise(setImmediate)
    return this.#held.map(({ call }) => call)
  }

  /** Releases the held call at that index. */
  release(place: number): void {
    for (const { go } of this.#held.splice(place, 1)) go()
  }
}

/**
 * Runs a scenario once for every order in which its calls can take effect. A scenario starts its requests, whose calls
 * wait for their turn on the scheduler, and returns what to check when all have ended.
 *
 * @returns how many orders there are
 */
export async function everyInterleaving(
  scenario: (scheduler: Scheduler) => (order: readonly string[]) => Promise<void> | void,
): Promise<number> {
  const pending: (readonly number[])[] = [[]]
  let orders = 0
  for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop()) {
    const scheduler = new Scheduler()
    const check = scenario(scheduler)
    const places: number[] = []
    const order: string[] = []
    for (let held = await scheduler.held(); held.length > 0; held = await scheduler.held()) {
      const place = prefix[places.length] ?? 0
      if (places.length >= prefix.length) {
        for (let other = 1; other < held.length; other += 1) pending.push([...places, other])
      }
      places.push(place)
      order.push(held[place] ?? '')
      scheduler.release(place)
    }
    await check(order)
    orders += 1
  }
  return orders
}
