import type { SessionEngine } from '@sessions/core'
import { memoryEngine, type MemoryEngine } from '@sessions/memory'
import { fakeClock, type FakeClock } from '@sessions/testing'
import { rowIn, type Row } from '../src/entry.ts'
import { around } from './around.ts'

/** The one session of a test. */
export const ID = 'id'

/** A cache and a database in memory, and what the database has held under the id. */
export interface TwoStores {
  readonly clock: FakeClock
  readonly cache: MemoryEngine
  readonly db: MemoryEngine
  /** The data under the id, oldest first; undefined for none. */
  readonly history: (string | undefined)[]
  /** The stores as a process calls them. */
  readonly seenBy: (calls: Calls) => { readonly cache: SessionEngine; readonly db: SessionEngine }
}

/** What to await before a call such as `db.load` takes effect, and before its answer arrives. */
export interface Calls {
  readonly before: (call: string) => Promise<void> | void
  readonly after?: (call: string) => Promise<void> | void
}

/** Two empty stores. */
export function twoStores(): TwoStores {
  const clock = fakeClock()
  const cache = memoryEngine({ clock, sweepInterval: 0 })
  const db = memoryEngine({ clock, sweepInterval: 0 })
  const history: (string | undefined)[] = [undefined]
  const seen = (engine: SessionEngine, name: string, { before, after }: Calls): SessionEngine =>
    around(engine, name, async (method, run) => {
      await before(`${name}.${method}`)
      const answer = await run()
      const data = db.load(ID)?.data
      if (data !== history.at(-1)) history.push(data)
      await after?.(`${name}.${method}`)
      return answer
    })
  return {
    clock,
    cache,
    db,
    history,
    seenBy: (calls) => ({ cache: seen(cache, 'cache', calls), db: seen(db, 'db', calls) }),
  }
}

/** The row that the cache holds a copy of; `lease` for any other entry. */
export function cached({ cache }: TwoStores, id: string = ID): Row | 'lease' | undefined {
  const entry = cache.load(id)
  return entry && (rowIn(entry) ?? 'lease')
}
