import { memoryEngine } from '@sessions/memory'
import { fillByEngine, type Store, type StoreOptions } from './store.ts'

/** Sessions in this process, without eviction (the limit is out of reach) or periodic sweeps. */
export function openMemory(options: StoreOptions): Store {
  const engine = memoryEngine({ maxEntries: 10_000_000, sweepInterval: 0 })
  return {
    engine,
    fill: (from, to) => fillByEngine(engine, [from, to], options),
    close: () => undefined,
  }
}
