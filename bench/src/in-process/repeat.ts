/** The duration of a warm-up in milliseconds: compiled code is faster and allocates less. */
const WARM_UP = 60

/** Calls `run` a number of times. Awaits a result only if it is a promise. */
export async function repeat(run: () => unknown, times: number): Promise<void> {
  let left = times
  while (left > 0) {
    left -= 1
    const running = run()
    if (running instanceof Promise) await running
  }
}

/** Calls `run` until V8 has compiled it; resolves to the number of calls per millisecond. */
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
