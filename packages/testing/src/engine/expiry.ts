import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group, type EngineContext } from './context.ts'
import type { SuiteCase } from '../register-cases.ts'

/** A record is expired if and only if `expiresAt <= now`, even while the store still holds it. */
export const expiryCases: (subject: EngineSubject) => readonly SuiteCase[] = group('expiry', {
  'a record is live until its deadline': async (context) => {
    const { engine, stored, record, now } = context
    const { version, results } = await untilInTime(context, async (life, mustBeBefore) => {
      const start = await now()
      const { id, version } = await stored('data', { life })
      await context.advance(life - lastMoment(context))
      const results = {
        loaded: await engine.load(id),
        exists: await engine.exists(id),
        created: await engine.create(id, await record('other')),
        saved: await engine.save(id, await record('saved'), version),
      }
      await mustBeBefore(start + life)
      return { version, results }
    })

    expect(results).toMatchObject({
      loaded: { data: 'data', version },
      exists: true,
      created: { status: 'taken' },
      saved: { status: 'saved' },
    })
  },

  'load returns undefined from the deadline on': async (context) => {
    const { id } = await expired(context)
    expect(await context.engine.load(id)).toBeUndefined()
  },

  'exists returns false from the deadline on': async (context) => {
    const { id } = await expired(context)
    expect(await context.engine.exists(id)).toBe(false)
  },

  'save returns missing for an expired record, and never revives it': async (context) => {
    const { engine, record } = context
    for (const known of [true, false]) {
      const { id, version } = await expired(context)
      const saved = await engine.save(id, await record('next'), known ? version : undefined)
      expect(saved).toEqual({ status: 'missing' })
      expect(await engine.exists(id)).toBe(false)
    }
  },

  'save returns missing, not conflict, for an expired record and a stale version': async (
    context,
  ) => {
    const { engine, record } = context
    const { id } = await expired(context)
    expect(await engine.save(id, await record('next'), 'stale')).toEqual({ status: 'missing' })
  },

  'touch returns missing for an expired record, and never revives it': async (context) => {
    const { engine, record } = context
    for (const known of [true, false]) {
      const { id, version } = await expired(context)
      const touched = await engine.touch(id, await record('data'), known ? version : undefined)
      expect(touched).toEqual({ status: 'missing' })
      expect(await engine.exists(id)).toBe(false)
    }
  },

  'delete returns missing for an expired record, whatever the version': async (context) => {
    const { engine } = context
    const one = await expired(context)
    expect(await engine.delete(one.id)).toBe('missing')
    const other = await expired(context)
    expect(await engine.delete(other.id, other.version)).toBe('missing')
    const stale = await expired(context)
    expect(await engine.delete(stale.id, 'stale')).toBe('missing')
  },

  'create replaces an expired record, under a new version': async (context) => {
    const { engine, record } = context
    const { id, version } = await expired(context)
    const created = await engine.create(id, await record('second'))
    expect(created.status).toBe('saved')
    expect(created).toMatchObject({ version: (await engine.load(id))?.version })
    expect(await engine.load(id)).toMatchObject({ data: 'second' })
    expect(await engine.save(id, await record('third'), version)).toEqual({ status: 'conflict' })
  },

  'of 20 concurrent creates, exactly one replaces an expired record': async (context) => {
    const { engine, peer, record } = context
    const { id } = await expired(context)
    const next = await record('next')
    const created = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        (index % 2 === 0 ? engine : peer).create(id, next),
      ),
    )
    const winners = created.filter(({ status }) => status === 'saved')
    expect(winners, 'creates that returned saved').toHaveLength(1)
  },

  'a record expires at the deadline of its last save or touch': async (context) => {
    const { engine, stored, record, now } = context
    const results = await untilInTime(context, async (life, mustBeBefore) => {
      const start = await now()
      const longer = { life: 3 * life }
      const saved = await stored('data', { life })
      const touched = await stored('data', { life })
      const shortened = await stored('data', longer)
      await engine.save(saved.id, await record('data', longer))
      await engine.touch(touched.id, await record('data', longer))
      await engine.save(shortened.id, await record('data', { life }))
      await mustBeBefore(start + life)

      await context.advance(life + context.granularity - 1)
      const exist = {
        saved: await engine.exists(saved.id),
        touched: await engine.exists(touched.id),
        shortened: await engine.exists(shortened.id),
      }
      await mustBeBefore(start + longer.life)
      return exist
    })

    expect(results.saved, 'exists after a save with a later deadline').toBe(true)
    expect(results.touched, 'exists after a touch with a later deadline').toBe(true)
    expect(results.shortened, 'exists after a save with an earlier one').toBe(false)
  },

  'a record written with a deadline in the past is never live': async (context) => {
    const { engine, id, stored, record } = context
    const created = id()
    await engine.create(created, await record('data', { life: -context.granularity }))
    expect(await engine.load(created)).toBeUndefined()
    expect(await engine.exists(created)).toBe(false)
    expect((await engine.create(created, await record('data'))).status).toBe('saved')

    const saved = await stored('data')
    await engine.save(saved.id, await record('data', { life: -context.granularity }))
    expect(await engine.load(saved.id)).toBeUndefined()
    expect(await engine.delete(saved.id)).toBe('missing')
  },
})

/** The lifetime, in milliseconds, of a record that a case lets expire: short if the store's time cannot be set. */
export function lifeOf({ granularity, still }: EngineContext): number {
  return still ? 60_000 : 4 * granularity
}

/** Stores a record and advances the time to its deadline. */
async function expired(context: EngineContext): Promise<{ id: string; version: string }> {
  const record = await context.stored('data', { life: lifeOf(context) })
  await pass(context)
  return record
}

/** Advances the time until a record with a lifetime of `lifeOf` has expired: to the millisecond if the store is that exact. */
export async function pass(context: EngineContext): Promise<void> {
  await context.advance(lifeOf(context) + context.granularity - 1)
}

/**
 * Runs an attempt with records of the given lifetime, and returns its result. A store's own clock runs on while a busy
 * machine delays the next step. If an attempt calls `mustBeBefore` too close to the deadline, its result says nothing about
 * the engine, and the next attempt uses records with twice the lifetime.
 */
async function untilInTime<Result>(
  context: EngineContext,
  attempt: (life: number, mustBeBefore: (deadline: number) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  for (let life = lifeOf(context); ; life *= 2) {
    let late = false
    const mustBeBefore = async (deadline: number): Promise<void> => {
      late ||= (await context.now()) > deadline - context.granularity
    }
    const result = await attempt(life, mustBeBefore)
    if (!late) return result
  }
}

/** How long before its deadline a record is certainly live: a store's own clock runs on during the case. */
function lastMoment({ granularity, still }: EngineContext): number {
  return still ? granularity : 2 * granularity
}
