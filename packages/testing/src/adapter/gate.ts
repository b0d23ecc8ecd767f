/** Something that can be held: whoever passes while it is closed waits until it opens. In place of timers. */
export interface Gate {
  /** Resolves at once while the gate is open, and when it opens otherwise. */
  pass(): Promise<void>
  /** Closes it: the next one to pass waits. */
  hold(): void
  /** Opens it, for those who wait and those who come. */
  open(): void
  /** Resolves as soon as so many wait before the closed gate; one unless told. */
  reached(count?: number): Promise<void>
}

/** An open gate. */
export function createGate(): Gate {
  let closed = false
  let waiting: (() => void)[] = []
  let watchers: { readonly count: number; readonly tell: () => void }[] = []

  const tellWatchers = (): void => {
    const due = watchers.filter(({ count }) => count <= waiting.length)
    watchers = watchers.filter((watcher) => !due.includes(watcher))
    for (const { tell } of due) tell()
  }

  return {
    pass() {
      if (!closed) return Promise.resolve()
      return new Promise((resolve) => {
        waiting.push(resolve)
        tellWatchers()
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
        watchers.push({ count, tell: resolve })
        tellWatchers()
      })
    },
  }
}
