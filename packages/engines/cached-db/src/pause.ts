/** Resolves after so many milliseconds, for which the process is not kept alive. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: Timer = setTimeout(resolve, milliseconds)
    timer.unref?.()
  })
}

/** Outside Node it may be a number. */
interface Timer {
  unref?(): unknown
}
