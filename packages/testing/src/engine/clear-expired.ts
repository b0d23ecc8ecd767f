import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group, type EngineContext } from './context.ts'
import { lifeOf, pass } from './expiry.ts'
import type { SuiteCase } from '../register-cases.ts'

/** `clearExpired` deletes expired records in batches, and no live one. */
export const clearExpiredCases: (subject: EngineSubject) => readonly SuiteCase[] = group(
  'clearExpired',
  {
    'deletes and counts the expired records, and keeps the live ones': async (context) => {
      const live = await storedMany(context, 5, 1_000)
      await storedMany(context, 25)
      await pass(context)

      expect(await clear(context, {}), 'number of deleted records').toBe(25)

      for (const id of live) {
        expect((await context.engine.load(id))?.data, 'data of a live record').toBe('data')
      }
      expect(await clear(context, {}), 'records deleted by a second call').toBe(0)
    },

    'deletes at most batchSize records at a time, and calls onProgress after each batch': async (
      context,
    ) => {
      await storedMany(context, 25)
      await storedMany(context, 5, 1_000)
      await pass(context)

      const progress: number[] = [0]
      const count = await clear(context, {
        batchSize: 10,
        onProgress: (deleted) => progress.push(deleted),
      })

      expect(count, 'number of deleted records').toBe(25)
      expect(progress.at(-1), 'last number passed to onProgress').toBe(25)
      progress.slice(1).forEach((deleted, index) => {
        const step = deleted - (progress[index] ?? 0)
        expect(step, 'records deleted between two calls of onProgress').toBeGreaterThanOrEqual(0)
        expect(step, 'records deleted between two calls of onProgress').toBeLessThanOrEqual(10)
      })
    },

    'stops after the current batch when the signal aborts, and rejects with its reason': async (
      context,
    ) => {
      await storedMany(context, 25)
      await pass(context)

      const abort = new AbortController()
      const reason = new Error('enough')
      const seen: number[] = []
      const onProgress = (deleted: number): void => {
        seen.push(deleted)
        abort.abort(reason)
      }
      const purge = clear(context, { batchSize: 10, onProgress, signal: abort.signal })

      await expect(purge).rejects.toBe(reason)
      expect(seen, 'calls of onProgress').toHaveLength(1)
      expect(await clear(context, {}), 'records left by the aborted call').toBe(25 - (seen[0] ?? 0))
    },

    'deletes nothing if the signal is already aborted, and rejects with its reason': async (
      context,
    ) => {
      await storedMany(context, 3)
      await pass(context)

      const reason = new Error('enough')
      const purge = clear(context, { signal: AbortSignal.abort(reason) })

      await expect(purge).rejects.toBe(reason)
      expect(await clear(context, {}), 'records left by the aborted call').toBe(3)
    },

    'keeps records that are created under expired ids while it runs': async (context) => {
      const { engine, record } = context
      const ids = await storedMany(context, 25)
      await pass(context)
      const next = await record('created anew')

      let created: Promise<unknown> | undefined
      const onProgress = (): void => {
        created ??= Promise.all(ids.map(async (id) => engine.create(id, next)))
      }
      await clear(context, { batchSize: 5, onProgress })
      await created

      for (const id of ids) {
        const loaded = await engine.load(id)
        expect(loaded?.data, 'data of a record created meanwhile').toBe('created anew')
      }
    },
  },
)

type ClearOptions = Parameters<NonNullable<EngineContext['engine']['clearExpired']>>[0]

/** Calls `clearExpired` as a method, since an engine may be a class. */
async function clear(
  { engine }: EngineContext,
  options: ClearOptions,
): Promise<number | undefined> {
  return engine.clearExpired?.(options)
}

/** Stores `count` records whose lifetime is `lives` times `lifeOf`: with 1, `pass` expires them. */
async function storedMany(
  context: EngineContext,
  count: number,
  lives = 1,
): Promise<readonly string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    ids.push((await context.stored('data', { life: lives * lifeOf(context) })).id)
  }
  return ids
}
