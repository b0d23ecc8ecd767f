import type { Created, Saved, SessionEngine, SessionError, SessionRecord } from '@sessions/core'
import { cachedDbEngine } from '../src/index.ts'
import { around } from './around.ts'
import type { TwoStores } from './two-stores.ts'

/** A process whose calls to the stores a test can make fail. */
export interface TestProcess {
  readonly engine: SessionEngine
  /** The calls that it has made, such as `cache.load`. */
  readonly calls: string[]
  /** The errors that `onCacheError` was called with. */
  readonly errors: readonly SessionError[]
  /** Makes the given calls fail, such as `cache.load`; by default, all calls to the cache. */
  readonly cut: (...calls: readonly string[]) => void
  readonly heal: () => void
}

/** A record that does not expire in any test. */
export function record(data: string): SessionRecord {
  return { data, expiresAt: Date.UTC(2100, 0) }
}

/** The version that a write has returned. */
export function versionOf(answer: Created | Saved): string {
  if (answer.status !== 'saved') throw new Error(`The answer is ${answer.status}.`)
  return answer.version
}

/** Starts a process over the stores. */
export function processOver(stores: TwoStores): TestProcess {
  let broken: readonly string[] = []
  const calls: string[] = []
  const errors: SessionError[] = []
  const watched = (engine: SessionEngine, name: string): SessionEngine =>
    around(engine, name, async (method, run) => {
      const call = `${name}.${method}`
      calls.push(call)
      if (broken.includes(call)) throw new Error(`The ${name} is down.`)
      return run()
    })
  return {
    calls,
    errors,
    engine: cachedDbEngine({
      clock: stores.clock,
      cache: watched(stores.cache, 'cache'),
      db: watched(stores.db, 'db'),
      onCacheError: (error) => void errors.push(error),
    }),
    cut: (...some) => {
      broken = some.length > 0 ? some : ['cache.load', 'cache.create', 'cache.save', 'cache.delete']
    },
    heal: () => {
      broken = []
    },
  }
}
