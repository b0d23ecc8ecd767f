import type { Mutant } from './reference-engine.ts'

/** Faults in the optional methods, `clearExpired` and `find`. */
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
  'clearExpired deletes ids from an outdated list': {
    caughtBy: ['clearExpired › keeps records that are created under expired ids while it runs'],
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
      'clearExpired › stops after the current batch when the signal aborts, and rejects with its reason',
      'clearExpired › deletes nothing if the signal is already aborted, and rejects with its reason',
    ],
    change: ({ engine }) => ({
      clearExpired: async ({ batchSize, onProgress }) =>
        engine.clearExpired({ batchSize, onProgress }),
    }),
  },
  'clearExpired deletes everything in one batch': {
    caughtBy: [
      'clearExpired › deletes at most batchSize records at a time, and calls onProgress after each batch',
    ],
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
  'clearExpired is declared and absent': {
    caughtBy: ['methods › implements clearExpired, as its subject declares'],
    change: () => ({ clearExpired: undefined }) as never,
  },
  'find is declared and absent': {
    caughtBy: ['methods › implements find, as its subject declares'],
    change: () => ({ find: undefined }) as never,
  },
  'find yields expired records': {
    caughtBy: ['find › yields neither deleted nor expired records'],
    change: ({ records }) => ({
      async *find(attribute, value) {
        for (const [id, { expiresAt, attributes }] of records) {
          if (value !== null && attributes?.[attribute] === value) yield { id, expiresAt }
        }
      },
    }),
  },
  'find removes expired records by an outdated list': {
    caughtBy: ['find › keeps records that are created under expired ids while it runs'],
    change: ({ records, clock }) => ({
      async *find(attribute, value) {
        if (value === null) return
        for (const [id, { expiresAt, attributes }] of Array.from(records)) {
          if (attributes?.[attribute] !== value) continue
          if (expiresAt <= clock.now()) records.delete(id)
          else yield { id, expiresAt }
        }
      },
    }),
  },
  'find treats null as a value': {
    caughtBy: ['find › yields nothing for null, not even records without the attribute'],
    change: ({ records }) => ({
      async *find(attribute, value) {
        for (const [id, { expiresAt, attributes }] of records) {
          if ((attributes?.[attribute] ?? null) === value) yield { id, expiresAt }
        }
      },
    }),
  },
  'find yields only the first page': {
    caughtBy: ['find › yields each of 1,500 records exactly once'],
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
    caughtBy: [
      'find › compares text exactly: case, spaces, separators, wildcards and Unicode forms count',
    ],
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
