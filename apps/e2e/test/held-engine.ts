import type { SessionEngine } from '@sessions/core'

/** An engine whose saves a test can hold, to make requests overlap. */
export interface HeldEngine {
  readonly engine: SessionEngine
  /** The number of saves that returned conflict. */
  readonly conflicts: number
  /** Holds every save from now on. */
  hold(): void
  /** Resolves when `count` saves are held. */
  reached(count: number): Promise<void>
  /** Releases the held saves, and holds no further ones. */
  release(): void
}

/** Wraps an engine. It holds no saves at first. */
export function createHeldEngine(engine: SessionEngine): HeldEngine {
  let holding = false
  let conflicts = 0
  let held: (() => void)[] = []
  let watcher: { readonly count: number; readonly notify: () => void } | undefined

  const notifyWatcher = (): void => {
    if (watcher !== undefined && held.length >= watcher.count) watcher.notify()
  }
  const pass = (): Promise<void> | undefined => {
    if (!holding) return undefined
    return new Promise((resolve) => {
      held.push(resolve)
      notifyWatcher()
    })
  }

  return {
    engine: {
      ...engine,
      async save(id, record, version) {
        await pass()
        const saved = await engine.save(id, record, version)
        if (saved.status === 'conflict') conflicts += 1
        return saved
      },
    },
    get conflicts() {
      return conflicts
    },
    hold() {
      holding = true
    },
    reached(count) {
      return new Promise((resolve) => {
        watcher = { count, notify: resolve }
        notifyWatcher()
      })
    },
    release() {
      holding = false
      for (const resume of held) resume()
      held = []
    },
  }
}
