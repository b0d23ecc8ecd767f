import type { Created, Saved, SessionEngine, SessionError, SessionRecord } from '@sessions/core'
import { cachedDbEngine } from '../src/index.ts'
import { around } from './around.ts'
import type { TwoStores } from './two-stores.ts'

/** A process whose way to the stores can be cut. */
export interface TestProcess {
  readonly engine: SessionEngine
  /** The calls that it has made, such as `cache.load`; emptied by `forget`. */
  readonly calls: string[]
  /** What `onCacheError` has been told. */
  readonly errors: readonly SessionError[]
  /** Has calls such as `cache.load` fail, or all of the cache. */
  readonly cut: (...calls: readonly string[]) => void
  readonly heal: () => void
}

/** A record with the data, that does not expire in any test. */
export function record(data: string): SessionRecord {
  return { data, expiresAt: Date.UTC(2100, 0) }
}

/** The version that a write has answered. */
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
