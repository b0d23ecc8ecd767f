import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group, type EngineCase, type EngineContext } from './context.ts'
import { lifeOf, pass } from './expiry.ts'

/** Expired records are purged in batches; the live ones stay. */
export const clearExpiredCases: (subject: EngineSubject) => readonly EngineCase[] = group(
  'clearExpired',
  {
    'deletes and counts the expired records, and keeps the live ones': async (context) => {
      const live = await storedMany(context, 5, 10)
      await storedMany(context, 25)
      await pass(context)

      expect(await clear(context, {})).toBe(25)

      for (const id of live) expect((await context.engine.load(id))?.data).toBe('data')
      expect(await clear(context, {})).toBe(0)
    },

    'deletes at most batchSize at once, and reports after each batch': async (context) => {
      await storedMany(context, 25)
      await storedMany(context, 5, 10)
      await pass(context)

      const progress: number[] = [0]
      const count = await clear(context, {
        batchSize: 10,
        onProgress: (deleted) => progress.push(deleted),
      })

      expect(count).toBe(25)
      expect(progress.at(-1)).toBe(25)
      progress.slice(1).forEach((deleted, index) => {
        const step = deleted - (progress[index] ?? 0)
        expect(step).toBeGreaterThanOrEqual(0)
        expect(step).toBeLessThanOrEqual(10)
      })
    },

    'ends between two batches with the reason of the signal': async (context) => {
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
      expect(seen).toHaveLength(1)
      expect(await clear(context, {})).toBe(25 - (seen[0] ?? 0))
    },

    'deletes nothing where the signal is aborted beforehand': async (context) => {
      await storedMany(context, 3)
      await pass(context)

      const reason = new Error('enough')
      const purge = clear(context, { signal: AbortSignal.abort(reason) })

      await expect(purge).rejects.toBe(reason)
      expect(await clear(context, {})).toBe(3)
    },

    'keeps what is created anew in the meantime': async (context) => {
      const { engine, record } = context
      const ids = await storedMany(context, 25)
      await pass(context)
      const next = await record('anew')

      let created: Promise<unknown> | undefined
      const onProgress = (): void => {
        created ??= Promise.all(ids.map(async (id) => engine.create(id, next)))
      }
      await clear(context, { batchSize: 5, onProgress })
      await created

      for (const id of ids) expect((await engine.load(id))?.data).toBe('anew')
    },
  },
)

type ClearOptions = Parameters<NonNullable<EngineContext['engine']['clearExpired']>>[0]

/** Called as a method, because an engine of somebody else may be a class. */
async function clear(
  { engine }: EngineContext,
  options: ClearOptions,
): Promise<number | undefined> {
  return engine.clearExpired?.(options)
}

/** Stores so many records that live so many times as long as `pass` lets pass. */
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
