import type { Deleted } from '@sessions/core'
import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group, type EngineContext } from './context.ts'
import type { SuiteCase } from '../register-cases.ts'

const ROUNDS = 20

/** One call after the other: each writer sees what the other did, over whichever connection. */
const sequenceCases = group('two writers', {
  'of two saves based on the same version, the second returns conflict': async ({
    engine,
    peer,
    stored,
    record,
  }) => {
    const { id, version } = await stored('loaded by both')
    expect((await engine.save(id, await record('first'), version)).status).toBe('saved')
    expect(await peer.save(id, await record('second'), version)).toEqual({ status: 'conflict' })

    const again = await peer.load(id)
    expect(again?.data).toBe('first')
    const replayed = await peer.save(id, await record('first and second'), again?.version)
    expect(replayed.status).toBe('saved')
    expect((await engine.load(id))?.data).toBe('first and second')
  },

  'a save based on the version before a rotation returns conflict, and the marker stays': async (
    context,
  ) => {
    const { engine, peer, id, stored, record } = context
    const old = await stored('loaded by both')
    const successor = id()
    expect((await engine.create(successor, await record('rotated'))).status).toBe('saved')
    expect((await engine.save(old.id, await record('marker'), old.version)).status).toBe('saved')

    expect(await peer.save(old.id, await record('late'), old.version)).toEqual({
      status: 'conflict',
    })
    expect((await peer.load(old.id))?.data).toBe('marker')
    expect((await peer.load(successor))?.data).toBe('rotated')
  },

  'a rotation based on the version before a save returns conflict, and the saved data stays':
    async (context) => {
      const { engine, peer, stored, record } = context
      const { id, version } = await stored('loaded by both')
      const written = await peer.save(id, await record('written'), version)

      expect(await engine.save(id, await record('marker'), version)).toEqual({ status: 'conflict' })
      expect(await engine.delete(id, version)).toBe('conflict')
      const loaded = await engine.load(id)
      expect(loaded?.data).toBe('written')
      expect(written).toEqual({ status: 'saved', version: loaded?.version })
    },

  'touch, save and delete return missing for a record that the other writer deleted': async ({
    engine,
    peer,
    stored,
    record,
  }) => {
    const { id, version } = await stored('loaded by both')
    expect(await engine.delete(id)).toBe('deleted')

    expect(await peer.touch(id, await record('loaded by both'), version)).toEqual({
      status: 'missing',
    })
    expect(await peer.save(id, await record('late'), version)).toEqual({ status: 'missing' })
    expect(await peer.delete(id, version)).toBe('missing')
    expect(await engine.exists(id)).toBe(false)
  },

  'a delete without a version removes a record that the other writer touched': async ({
    engine,
    peer,
    stored,
    record,
  }) => {
    const { id, version } = await stored('loaded by both')
    await peer.touch(id, await record('loaded by both'), version)
    expect(await engine.delete(id)).toBe('deleted')
    expect(await peer.exists(id)).toBe(false)
  },
})

/** Concurrent calls: the assertions hold for whichever order the store picks. */
const parallelCases = group('concurrent calls', {
  'of 100 creates of one id, exactly one is saved, and its record is the one stored': async (
    context,
  ) => {
    const { id, record } = context
    const fresh = id()
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const created = await either(context, index).create(fresh, await record(`data ${index}`))
        return { index, created }
      }),
    )

    const winners = answers.filter(({ created }) => created.status === 'saved')
    expect(winners, 'creates that returned saved').toHaveLength(1)
    expect(await context.engine.load(fresh)).toMatchObject({
      data: `data ${winners[0]?.index}`,
      version: Reflect.get(winners[0]?.created ?? {}, 'version'),
    })
  },

  'of 50 saves of one version, exactly one is saved, and the others return conflict': async (
    context,
  ) => {
    const { stored, record } = context
    const { id, version } = await stored('first')
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const saved = await either(context, index).save(id, await record(`data ${index}`), version)
        return { index, status: saved.status }
      }),
    )

    const winners = answers.filter(({ status }) => status === 'saved')
    expect(winners, 'saves that returned saved').toHaveLength(1)
    const losers = answers.filter(({ status }) => status === 'conflict')
    expect(losers, 'saves that returned conflict').toHaveLength(49)
    expect((await context.engine.load(id))?.data).toBe(`data ${winners[0]?.index}`)
  },

  'of 50 increments, each repeated after a conflict, none is lost': async (context) => {
    const { stored, record } = context
    const { id } = await stored('0')
    const increment = async (engine: EngineContext['engine']): Promise<void> => {
      const loaded = await engine.load(id)
      const next = await record(String(Number(loaded?.data) + 1))
      const saved = await engine.save(id, next, loaded?.version)
      if (saved.status === 'conflict') await increment(engine)
    }

    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => increment(either(context, index))),
    )

    expect((await context.engine.load(id))?.data).toBe('50')
  },

  'a delete removes the record, whatever saves and touches run beside it': async (context) => {
    const { engine, peer, stored, record } = context
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, version } = await stored('data')
      const next = await record('next')
      let deleted: Deleted | undefined
      const calls = [
        async () => peer.save(id, next, version),
        async () => peer.touch(id, next),
        async () => peer.save(id, next),
        async () => {
          deleted = await engine.delete(id)
        },
      ]
      // Each round starts with another of the calls.
      const first = round % calls.length
      await Promise.all(
        [...calls.slice(first), ...calls.slice(0, first)].map(async (call) => call()),
      )
      expect(deleted, 'result of delete').toBe('deleted')
      expect(await engine.exists(id), 'exists after the delete').toBe(false)
    }
  },
})

/** Two writers of one session: one call after the other, and concurrently. */
export const concurrencyCases = (subject: EngineSubject): readonly SuiteCase[] => [
  ...sequenceCases(subject),
  ...parallelCases(subject),
]

/** Alternates between the engine and its peer. */
function either({ engine, peer }: EngineContext, index: number): EngineContext['engine'] {
  return index % 2 === 0 ? engine : peer
}
