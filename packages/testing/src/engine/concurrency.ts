import type { Deleted } from '@sessions/core'
import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group, type EngineCase, type EngineContext } from './context.ts'

const ROUNDS = 20

/** Step by step: what one request did is seen by the call of the other, whichever connection it came by. */
const sequenceCases = group('two writers', {
  'cannot both save what both had loaded': async ({ engine, peer, stored, record }) => {
    const { id, version } = await stored('loaded by both')
    expect((await engine.save(id, await record('first'), version)).status).toBe('saved')
    expect(await peer.save(id, await record('second'), version)).toEqual({ status: 'conflict' })

    const again = await peer.load(id)
    expect(again?.data).toBe('first')
    const replayed = await peer.save(id, await record('first and second'), again?.version)
    expect(replayed.status).toBe('saved')
    expect((await engine.load(id))?.data).toBe('first and second')
  },

  'see a rotation as a conflict, where one replaced the record by a marker': async (context) => {
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

  'see a write as a conflict, where one rotates after the other saved': async (context) => {
    const { engine, peer, stored, record } = context
    const { id, version } = await stored('loaded by both')
    const written = await peer.save(id, await record('written'), version)

    expect(await engine.save(id, await record('marker'), version)).toEqual({ status: 'conflict' })
    expect(await engine.delete(id, version)).toBe('conflict')
    const loaded = await engine.load(id)
    expect(loaded?.data).toBe('written')
    expect(written).toEqual({ status: 'saved', version: loaded?.version })
  },

  'find a deleted record missing, and leave it so': async ({ engine, peer, stored, record }) => {
    const { id, version } = await stored('loaded by both')
    expect(await engine.delete(id)).toBe('deleted')

    expect(await peer.touch(id, await record('loaded by both'), version)).toEqual({
      status: 'missing',
    })
    expect(await peer.save(id, await record('late'), version)).toEqual({ status: 'missing' })
    expect(await peer.delete(id, version)).toBe('missing')
    expect(await engine.exists(id)).toBe(false)
  },

  'may delete what the other touched': async ({ engine, peer, stored, record }) => {
    const { id, version } = await stored('loaded by both')
    await peer.touch(id, await record('loaded by both'), version)
    expect(await engine.delete(id)).toBe('deleted')
    expect(await peer.exists(id)).toBe(false)
  },
})

/** All at once: every interleaving that the store may choose ends well. */
const parallelCases = group('at once', {
  'of many creates of one id exactly one wins, and its record is kept': async (context) => {
    const { id, record } = context
    const fresh = id()
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const created = await either(context, index).create(fresh, await record(`data ${index}`))
        return { index, created }
      }),
    )

    const winners = answers.filter(({ created }) => created.status === 'saved')
    expect(winners).toHaveLength(1)
    expect(await context.engine.load(fresh)).toMatchObject({
      data: `data ${winners[0]?.index}`,
      version: Reflect.get(winners[0]?.created ?? {}, 'version'),
    })
  },

  'of many saves of one version exactly one wins': async (context) => {
    const { stored, record } = context
    const { id, version } = await stored('first')
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const saved = await either(context, index).save(id, await record(`data ${index}`), version)
        return { index, status: saved.status }
      }),
    )

    const winners = answers.filter(({ status }) => status === 'saved')
    expect(winners).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 'conflict')).toHaveLength(49)
    expect((await context.engine.load(id))?.data).toBe(`data ${winners[0]?.index}`)
  },

  'of fifty increments, each replayed upon a conflict, none is lost': async (context) => {
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

  'a delete ends the record, whatever saves and touches come with it': async (context) => {
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
      // Each of them is the first in its turn.
      const first = round % calls.length
      await Promise.all(
        [...calls.slice(first), ...calls.slice(0, first)].map(async (call) => call()),
      )
      expect(deleted).toBe('deleted')
      expect(await engine.exists(id)).toBe(false)
    }
  },
})

/** What two requests do to one session. */
export const concurrencyCases = (subject: EngineSubject): readonly EngineCase[] => [
  ...sequenceCases(subject),
  ...parallelCases(subject),
]

/** The engine and its peer by turns. */
function either({ engine, peer }: EngineContext, index: number): EngineContext['engine'] {
  return index % 2 === 0 ? engine : peer
}
