import { fileEngine } from '@sessions/file'
import { join } from 'node:path'
import { fillByEngine, type Store, type StoreOptions } from './store.ts'

/** Sessions in files. */
export function openFiles(options: StoreOptions): Store {
  const engine = fileEngine({ directory: join(options.place, options.name) })
  return {
    engine,
    fill: (from, to) => fillByEngine(engine, [from, to], options),
    close: () => undefined,
  }
}
