/** How long something is done before it is measured, in milliseconds: compiled code is faster, and allocates less. */
const WARM_UP = 60

/** Does something again and again, without waiting where there is nothing to wait for. */
export async function repeat(run: () => unknown, times: number): Promise<void> {
  let left = times
  while (left > 0) {
    left -= 1
    const running = run()
    if (running instanceof Promise) await running
  }
}

/** Does something until it has been compiled; answers how often it was done in a millisecond. */
export async function warmUp(run: () => unknown): Promise<number> {
  const start = performance.now()
  let times = 0
  for (;;) {
    await repeat(run, 10)
    times += 10
    const taken = performance.now() - start
    if (taken > WARM_UP) return times / taken
  }
}
