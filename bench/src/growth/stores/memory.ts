import { memoryEngine } from '@sessions/memory'
import { fillByEngine, type Store, type StoreOptions } from './store.ts'

/** Sessions in this process, none of them swept away. */
export function openMemory(options: StoreOptions): Store {
  const engine = memoryEngine({ maxEntries: 10_000_000, sweepInterval: 0 })
  return {
    engine,
    fill: (from, to) => fillByEngine(engine, [from, to], options),
    close: () => undefined,
  }
}
