/** A gate in asynchronous code: while it is closed, `pass` waits. Tests use it instead of timers. */
export interface Gate {
  /** Resolves once the gate is open. */
  pass(): Promise<void>
  /** Closes the gate. */
  hold(): void
  /** Opens the gate, and releases every call that waits. */
  open(): void
  /** Resolves when `count` calls, by default one, wait at the closed gate. */
  reached(count?: number): Promise<void>
}

/** Creates an open gate. */
export function createGate(): Gate {
  let closed = false
  let waiting: (() => void)[] = []
  let watchers: { readonly count: number; readonly notify: () => void }[] = []

  const notifyWatchers = (): void => {
    const due = watchers.filter(({ count }) => count <= waiting.length)
    watchers = watchers.filter((watcher) => !due.includes(watcher))
    for (const { notify } of due) notify()
  }

  return {
    pass() {
      if (!closed) return Promise.resolve()
      return new Promise((resolve) => {
        waiting.push(resolve)
        notifyWatchers()
      })
    },
    hold() {
      closed = true
    },
    open() {
      closed = false
      const freed = waiting
      waiting = []
      for (const free of freed) free()
    },
    reached(count = 1) {
      return new Promise((resolve) => {
        watchers.push({ count, notify: resolve })
        notifyWatchers()
      })
    },
  }
}
