import type { LoadedRecord } from '@sessions/core'
import { expect, describe, it } from 'vitest'
import { cachedDbEngine } from '../src/index.ts'
import { record } from './process-over.ts'
import { cached, ID, twoStores, type TwoStores } from './two-stores.ts'

/** Processes whose calls take some time, and how often they have read the row from the database. */
function processes(stores: TwoStores, count: number) {
  let reads = 0
  const engines = Array.from({ length: count }, () =>
    cachedDbEngine({
      clock: stores.clock,
      ...stores.seenBy({
        async before(call) {
          if (call === 'db.load') reads += 1
          await new Promise(setImmediate)
        },
        after: () => new Promise(setImmediate),
      }),
    }),
  )
  return { engines, reads: () => reads }
}

const first = { data: 'first' }

describe('cachedDbEngine over a cold cache', () => {
  it('reads a row once for a thousand simultaneous requests', async () => {
    const stores = twoStores()
    stores.db.create(ID, record('first'))
    const { engines, reads } = processes(stores, 1)
    const loads = Array.from({ length: 1000 }, async () => engines[0]?.load(ID))
    for (const loaded of await Promise.all(loads)) expect(loaded).toMatchObject(first)
    expect(reads()).toBe(1)
    expect(cached(stores)).toMatchObject(first)
  })

  it('reads a row once for a thousand requests that arrive during the read', async () => {
    const stores = twoStores()
    stores.db.create(ID, record('first'))
    const { engines, reads } = processes(stores, 1)
    const loads: Promise<LoadedRecord | undefined>[] = []
    for (let index = 0; index < 1000; index += 1) {
      loads.push((async () => engines[0]?.load(ID))())
      if (index % 100 === 0) await new Promise(setImmediate)
    }
    for (const loaded of await Promise.all(loads)) expect(loaded).toMatchObject(first)
    expect(reads()).toBe(1)
  })

  it('reads a row at most once per process', async () => {
    const stores = twoStores()
    stores.db.create(ID, record('first'))
    const { engines, reads } = processes(stores, 4)
    const loads = Array.from({ length: 1000 }, async (_, index) => engines[index % 4]?.load(ID))
    for (const loaded of await Promise.all(loads)) expect(loaded).toMatchObject(first)
    expect(reads()).toBeLessThanOrEqual(4)
    expect(cached(stores)).toMatchObject(first)
  })

  it('fails all requests that wait for a failed read, and reads again for later ones', async () => {
    const stores = twoStores()
    stores.db.create(ID, record('first'))
    let isDown = true
    const engine = cachedDbEngine({
      clock: stores.clock,
      ...stores.seenBy({
        async before(call) {
          await new Promise(setImmediate)
          if (isDown && call === 'db.load') throw new Error('The database is down.')
        },
      }),
    })
    const loads = await Promise.allSettled(Array.from({ length: 100 }, async () => engine.load(ID)))
    expect(loads.filter(({ status }) => status === 'rejected')).toHaveLength(100)
    isDown = false
    expect(await engine.load(ID)).toMatchObject(first)
  })
})
