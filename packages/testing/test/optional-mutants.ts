import type { Mutant } from './reference-engine.ts'

/** Faults in what an engine may have besides: `clearExpired` and `find`. */
export const optionalMutants: Readonly<Record<string, Mutant>> = {
  'clearExpired deletes live records': {
    caughtBy: ['clearExpired › deletes and counts the expired records, and keeps the live ones'],
    change: ({ records }) => ({
      clearExpired: async () => {
        const { size } = records
        records.clear()
        return size
      },
    }),
  },
  'clearExpired goes by an old list': {
    caughtBy: ['clearExpired › keeps what is created anew in the meantime'],
    change: ({ records, clock }) => ({
      clearExpired: async ({ batchSize = 1000, onProgress, signal }) => {
        signal?.throwIfAborted()
        const ids = [...records]
          .filter(([, { expiresAt }]) => expiresAt <= clock.now())
          .map(([id]) => id)
        let deleted = 0
        for (const id of ids) {
          records.delete(id)
          deleted += 1
          if (deleted % batchSize !== 0) continue
          onProgress?.(deleted)
          await Promise.resolve()
          signal?.throwIfAborted()
        }
        return deleted
      },
    }),
  },
  'clearExpired ignores the signal': {
    caughtBy: [
      'clearExpired › ends between two batches with the reason of the signal',
      'clearExpired › deletes nothing where the signal is aborted beforehand',
    ],
    change: ({ engine }) => ({
      clearExpired: async ({ batchSize, onProgress }) =>
        engine.clearExpired({ batchSize, onProgress }),
    }),
  },
  'clearExpired knows one batch': {
    caughtBy: ['clearExpired › deletes at most batchSize at once, and reports after each batch'],
    change: ({ engine }) => ({
      clearExpired: async ({ onProgress, signal }) => engine.clearExpired({ onProgress, signal }),
    }),
  },
  'clearExpired miscounts': {
    caughtBy: ['clearExpired › deletes and counts the expired records, and keeps the live ones'],
    change: ({ engine }) => ({
      clearExpired: async (options) => (await engine.clearExpired(options)) + 1,
    }),
  },
  'clearExpired is not there': {
    caughtBy: ['shape › has a clearExpired, as declared'],
    change: () => ({ clearExpired: undefined }) as never,
  },
  'find is not there': {
    caughtBy: ['shape › has a find, as declared'],
    change: () => ({ find: undefined }) as never,
  },
  'find yields the expired': {
    caughtBy: ['find › yields neither what was deleted nor what has expired'],
    change: ({ records }) => ({
      async *find(attribute, value) {
        for (const [id, { expiresAt, attributes }] of records) {
          if (value !== null && attributes?.[attribute] === value) yield { id, expiresAt }
        }
      },
    }),
  },
  'find takes null for a value': {
    caughtBy: ['find › yields nothing for null, which is no value to be found by'],
    change: ({ records }) => ({
      async *find(attribute, value) {
        for (const [id, { expiresAt, attributes }] of records) {
          if ((attributes?.[attribute] ?? null) === value) yield { id, expiresAt }
        }
      },
    }),
  },
  'find knows one page': {
    caughtBy: ['find › yields a great many, each once'],
    change: ({ engine }) => ({
      async *find(attribute, value) {
        let count = 0
        for await (const found of engine.find(attribute, value)) {
          if (count === 1000) return
          count += 1
          yield found
        }
      },
    }),
  },
  'find compares text loosely': {
    caughtBy: ['find › tells texts apart to the character'],
    change: ({ records }) => ({
      async *find(attribute, value) {
        for (const [id, { expiresAt, attributes }] of records) {
          const stored = attributes?.[attribute]
          if (
            typeof stored === 'string' &&
            stored.localeCompare(String(value), 'en', { sensitivity: 'base' }) === 0
          )
            yield { id, expiresAt }
        }
      },
    }),
  },
}
