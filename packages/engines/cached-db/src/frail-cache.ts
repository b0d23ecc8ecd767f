import {
  isPromise,
  type Clock,
  type LoadedRecord,
  type MaybePromise,
  type SessionEngine,
  type SessionError,
} from '@sessions/core'
import { noDoubts } from './doubts.ts'
import { outages, type Operation } from './outage.ts'
import { pause } from './pause.ts'

/** Returned in place of an answer if the cache fails, is known to fail, or may hold a stale entry. */
export const UNAVAILABLE = 'unavailable'

/** An answer of the cache, if there is one. */
export type Answer<Value> = Value | typeof UNAVAILABLE

type Answers<Method extends Operation> = (
  ...args: Parameters<SessionEngine[Method]>
) => Promise<Answer<Awaited<ReturnType<SessionEngine[Method]>>>>

/** Continues with an entry, or with its absence. */
type Use<Result> = (entry: Answer<LoadedRecord | undefined>) => MaybePromise<Result>

/** A cache whose failures make no request fail. */
export interface FrailCache {
  /** Passes the entry to `use`, in as few steps as possible: almost every request does this. */
  readonly load: <Result>(id: string, use: Use<Result>) => MaybePromise<Result>
  readonly create: Answers<'create'>
  readonly save: Answers<'save'>
  readonly delete: Answers<'delete'>
  /** Deletes any entry of the id. Until that is confirmed, `load` does not ask the cache for this id. */
  readonly drop: (id: string) => Promise<void>
}

/** How to guard a cache. */
export interface Guard {
  readonly clock: Clock
  /** How long a stale entry can stay in the cache, in milliseconds. */
  readonly lifetime: number
  readonly onCacheError: (error: SessionError) => unknown
}

/** How long to wait between attempts to reach a failing cache, in milliseconds. */
const REST = 1000

/**
 * Guards a cache. After a failure, calls skip it, so that a cache that hangs delays only the calls in flight. In the
 * background, the guard tries to delete the entry of the failed call, at once and then every second: when that
 * succeeds, the cache works again.
 */
export function frailCache(
  cache: SessionEngine,
  { clock, lifetime, onCacheError }: Guard,
): FrailCache {
  const doubts = noDoubts(() => clock.now(), lifetime)
  const outage = outages(cache.name ?? 'cache', onCacheError)
  let failing = false
  let recovering = false

  const doubt = (id: string): void => {
    doubts.add(id)
    if (!recovering) void recover()
  }
  const recover = async (): Promise<void> => {
    recovering = true
    for (let next = doubts.next(); next !== undefined; next = doubts.next()) {
      try {
        await cache.delete(next.id)
        failing = false
        doubts.settle(next)
        outage.worked('delete')
      } catch (error) {
        failing = true
        outage.failed('delete', error)
        await pause(REST)
      }
    }
    recovering = false
  }
  const failed = (operation: Operation, id: string, error: unknown): typeof UNAVAILABLE => {
    failing = true
    outage.failed(operation, error)
    doubt(id)
    return UNAVAILABLE
  }
  const ask = async <Value>(
    operation: Exclude<Operation, 'load'>,
    id: string,
    call: () => MaybePromise<Value>,
  ): Promise<Answer<Value>> => {
    if (failing) return UNAVAILABLE
    try {
      const answer = await call()
      outage.worked(operation)
      return answer
    } catch (error) {
      return failed(operation, id, error)
    }
  }
  const load: FrailCache['load'] = (id, use) => {
    if (failing || doubts.has(id)) return use(UNAVAILABLE)
    let entry: MaybePromise<LoadedRecord | undefined>
    try {
      entry = cache.load(id)
    } catch (error) {
      return use(failed('load', id, error))
    }
    if (!isPromise(entry)) return use(entry)
    return entry.then(use, (error: unknown) => use(failed('load', id, error)))
  }

  return {
    load,
    create: (id, record) => ask('create', id, () => cache.create(id, record)),
    save: (id, record, version) => ask('save', id, () => cache.save(id, record, version)),
    delete: (id, version) => ask('delete', id, () => cache.delete(id, version)),
    async drop(id) {
      if ((await ask('delete', id, () => cache.delete(id))) === UNAVAILABLE) doubt(id)
    },
  }
}
