/** The part of the global timers that is used here. Every runtime types `setTimeout` differently. */
interface Timers {
  readonly setTimeout?: (callback: () => void, milliseconds: number) => { unref?(): unknown }
}

/** Whether a pending timer keeps the process alive (`ref`), in runtimes that make this distinction. */
export type Hold = 'ref' | 'unref'

/** Calls back after that many milliseconds, or never if the runtime has no timers. */
export function startTimer(milliseconds: number, hold: Hold, callback: () => void): void {
  // Looked up in each call: a lookup while the module loads would escape fake timers.
  const timer = (globalThis as Timers).setTimeout?.(callback, milliseconds)
  // In some runtimes, a timer is a number and has no `unref`.
  if (hold === 'unref') timer?.unref?.()
}

/** Resolves after other work has run. */
export async function pause(hold: Hold): Promise<void> {
  if ((globalThis as Timers).setTimeout === undefined) return
  await new Promise<void>((resolve) => {
    startTimer(0, hold, resolve)
  })
}
