import { setImmediate as turn } from 'node:timers/promises'
import type { SessionEngine } from '@sessions/core'
import type { Mutant, Reference } from './reference-engine.ts'

const caughtByTouchPairs = [
  'concurrent calls › a save and a touch end as if one had waited for the other',
  'concurrent calls › a touch and a delete end as if one had waited for the other',
]

/** Calls that read and then write, so that they undo what another call does in between. */
export const racingMutants: Readonly<Record<string, Mutant>> = {
  'create reads, then writes': {
    caughtBy: [
      'concurrent calls › of 100 creates of one id, exactly one is saved, and its record is the one stored',
    ],
    change: ({ engine, put }) => ({
      create: async (id, record) =>
        (await engine.exists(id)) ? { status: 'taken' } : put(id, record),
    }),
  },
  'save compares and sets in two steps': {
    caughtBy: [
      'concurrent calls › of 50 saves of one version, exactly one is saved, and the others return conflict',
    ],
    change: ({ engine, put }) => ({
      save: async (id, record, version) => {
        const loaded = await engine.load(id)
        if (!loaded) return { status: 'missing' }
        return version === undefined || loaded.version === version
          ? put(id, record)
          : { status: 'conflict' }
      },
    }),
  },
  'create replaces an expired record in two steps': {
    caughtBy: ['expiry › of 20 concurrent creates, exactly one replaces an expired record'],
    change: ({ engine, records, put }) => ({
      create: async (id, record) => {
        const isExpired = records.has(id) && !(await engine.exists(id))
        return isExpired ? put(id, record) : engine.create(id, record)
      },
    }),
  },
  'touch reads, then writes': {
    caughtBy: caughtByTouchPairs,
    change: (reference) => ({ touch: touchIn(reference) }),
  },
  'touch reads twice, then writes': {
    caughtBy: caughtByTouchPairs,
    change: (reference) => ({ touch: touchIn(reference, (id) => reference.engine.exists(id)) }),
  },
  'touch reads, then writes a turn of the event loop later': {
    caughtBy: caughtByTouchPairs,
    change: (reference) => {
      const { engine } = reference
      return {
        touch: touchIn(
          reference,
          () => turn(),
          () => turn(),
        ),
        exists: async (id) => turn().then(() => engine.exists(id)),
        save: async (id, record, version) => turn().then(() => engine.save(id, record, version)),
        delete: async (id, version) => turn().then(() => engine.delete(id, version)),
      }
    },
  },
  'delete compares, then removes': {
    caughtBy: ['concurrent calls › a save and a delete end as if one had waited for the other'],
    change: ({ engine, records }) => ({
      delete: async (id, version) => {
        const loaded = await engine.load(id)
        if (!loaded) return 'missing'
        if (version !== undefined && loaded.version !== version) return 'conflict'
        return records.delete(id) ? 'deleted' : 'missing'
      },
    }),
  },
  'load writes back what it read': {
    caughtBy: [
      'concurrent calls › a load and a save end as if one had waited for the other',
      'concurrent calls › a load and a touch end as if one had waited for the other',
      'concurrent calls › a load and a delete end as if one had waited for the other',
    ],
    change: ({ engine, records }) => ({
      load: async (id) => {
        const loaded = await engine.load(id)
        if (loaded) records.set(id, loaded)
        return loaded
      },
    }),
  },
}

/** A touch that reads the record, then writes it back with the new deadline, with hooks before and after the read. */
function touchIn(
  { engine, records }: Reference,
  before?: (id: string) => unknown,
  between?: () => unknown,
): SessionEngine['touch'] {
  return async (id, { expiresAt }, version) => {
    await before?.(id)
    const loaded = await engine.load(id)
    await between?.()
    if (!loaded) return { status: 'missing' }
    if (version !== undefined && loaded.version !== version) return { status: 'conflict' }
    records.set(id, { ...loaded, expiresAt })
    return { status: 'saved', version: loaded.version }
  }
}
