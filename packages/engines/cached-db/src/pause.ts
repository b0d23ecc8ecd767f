/** Resolves after that many milliseconds, without keeping the process alive. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: Timer = setTimeout(resolve, milliseconds)
    timer.unref?.()
  })
}

/** Outside Node, it may be a number, without `unref`. */
interface Timer {
  unref?(): unknown
}
