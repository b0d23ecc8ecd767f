/** The part of the timers that is used here; every runtime has `setTimeout`, in a shape of its own. */
interface Timers {
  readonly setTimeout?: (callback: () => void, milliseconds: number) => { unref?(): unknown }
}

/** Whether a timer keeps the process alive until it is due, in runtimes that make this difference. */
export type Hold = 'holds' | 'lets go'

/** Calls back after so many milliseconds; never, if the runtime has no timers. */
export function after(milliseconds: number, hold: Hold, callback: () => void): void {
  // BAD: const { setTimeout } = globalThis at the top: it would run while the module loads, and escape fake timers.
  const timer = (globalThis as Timers).setTimeout?.(callback, milliseconds)
  // In some runtimes a timer is a number.
  if (hold === 'lets go') timer?.unref?.()
}

/** Resolves after other work has run. */
export async function pause(hold: Hold): Promise<void> {
  if ((globalThis as Timers).setTimeout === undefined) return
  await new Promise<void>((resolve) => {
    after(0, hold, resolve)
  })
}
