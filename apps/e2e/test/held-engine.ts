import type { SessionEngine } from '@sessions/core'

/** An engine whose saves can be held, so that requests overlap as a test wants them to. */
export interface HeldEngine {
  readonly engine: SessionEngine
  /** How many saves were based on a stale read. */
  readonly conflicts: number
  /** Holds every save from now on. */
  hold(): void
  /** Resolves as soon as so many saves are held. */
  reached(count: number): Promise<void>
  /** Lets them go on, and those that come. */
  release(): void
}

/** An engine that holds nothing yet. */
export function createHeldEngine(engine: SessionEngine): HeldEngine {
  let holding = false
  let conflicts = 0
  let held: (() => void)[] = []
  let watcher: { readonly count: number; readonly tell: () => void } | undefined

  const tellWatcher = (): void => {
    if (watcher !== undefined && held.length >= watcher.count) watcher.tell()
  }
  const pass = (): Promise<void> | undefined => {
    if (!holding) return undefined
    return new Promise((resolve) => {
      held.push(resolve)
      tellWatcher()
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
        watcher = { count, tell: resolve }
        tellWatcher()
      })
    },
    release() {
      holding = false
      for (const go of held) go()
      held = []
    },
  }
}
