import { setImmediate as turn } from 'node:timers/promises'
import type { SessionEngine } from '@sessions/core'
import type { Mutant, Reference } from './reference-engine.ts'

const besideTouches = [
  'at once › a save and a touch end as one after the other',
  'at once › a touch and a delete end as one after the other',
]

/** Engines that look first and write then, so that what another call does in between is lost. */
export const racingMutants: Readonly<Record<string, Mutant>> = {
  'create looks first and writes then': {
    caughtBy: ['at once › of many creates of one id exactly one wins, and its record is kept'],
    change: ({ engine, put }) => ({
      create: async (id, record) =>
        (await engine.exists(id)) ? { status: 'taken' } : put(id, record),
    }),
  },
  'save compares and sets in two steps': {
    caughtBy: ['at once › of many saves of one version exactly one wins'],
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
  'create takes the place of an expired record in two steps': {
    caughtBy: ['expiry › lets one of many creates take the place of an expired record'],
    change: ({ engine, records, put }) => ({
      create: async (id, record) => {
        const isExpired = records.has(id) && !(await engine.exists(id))
        return isExpired ? put(id, record) : engine.create(id, record)
      },
    }),
  },
  'touch reads first and writes then': {
    caughtBy: besideTouches,
    change: (reference) => ({ touch: touchIn(reference) }),
  },
  'touch looks, reads and writes': {
    caughtBy: besideTouches,
    change: (reference) => ({ touch: touchIn(reference, (id) => reference.engine.exists(id)) }),
  },
  'touch writes a turn of the event loop after it read, where every call waits for one': {
    caughtBy: besideTouches,
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
  'delete compares first and removes then': {
    caughtBy: ['at once › a save and a delete end as one after the other'],
    change: ({ engine, records }) => ({
      delete: async (id, version) => {
        const loaded = await engine.load(id)
        if (!loaded) return 'missing'
        if (version !== undefined && loaded.version !== version) return 'conflict'
        return records.delete(id) ? 'deleted' : 'missing'
      },
    }),
  },
  'load writes what it read back': {
    caughtBy: [
      'at once › a load and a save end as one after the other',
      'at once › a load and a touch end as one after the other',
      'at once › a load and a delete end as one after the other',
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

/** A touch that does something, reads, does something else, and writes what it read with the new deadline. */
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
