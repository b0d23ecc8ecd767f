import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group, type EngineCase, type EngineContext } from './context.ts'

/** A record is expired if and only if its deadline is not later than now, whatever the store still holds. */
export const expiryCases: (subject: EngineSubject) => readonly EngineCase[] = group('expiry', {
  'leaves a record live until its deadline': async (context) => {
    const { engine, stored, record } = context
    const { id, version } = await stored('data', { life: lifeOf(context) })
    await context.advance(lifeOf(context) - lastMoment(context))

    expect(await engine.load(id)).toMatchObject({ data: 'data', version })
    expect(await engine.exists(id)).toBe(true)
    expect(await engine.create(id, await record('other'))).toEqual({ status: 'taken' })
    expect((await engine.save(id, await record('saved'), version)).status).toBe('saved')
  },

  'hides a record from load at its deadline': async (context) => {
    const { id } = await expired(context)
    expect(await context.engine.load(id)).toBeUndefined()
  },

  'hides a record from exists at its deadline': async (context) => {
    const { id } = await expired(context)
    expect(await context.engine.exists(id)).toBe(false)
  },

  'makes a save of an expired record answer missing': async (context) => {
    const { engine, record } = context
    for (const known of [true, false]) {
      const { id, version } = await expired(context)
      const saved = await engine.save(id, await record('next'), known ? version : undefined)
      expect(saved).toEqual({ status: 'missing' })
      expect(await engine.exists(id)).toBe(false)
    }
  },

  'makes a save of an expired record answer missing where the version is stale, too': async (
    context,
  ) => {
    const { engine, record } = context
    const { id } = await expired(context)
    expect(await engine.save(id, await record('next'), 'stale')).toEqual({ status: 'missing' })
  },

  'makes a touch of an expired record answer missing, and never revives it': async (context) => {
    const { engine, record } = context
    for (const known of [true, false]) {
      const { id, version } = await expired(context)
      const touched = await engine.touch(id, await record('data'), known ? version : undefined)
      expect(touched).toEqual({ status: 'missing' })
      expect(await engine.exists(id)).toBe(false)
    }
  },

  'makes a delete of an expired record answer missing': async (context) => {
    const { engine } = context
    const one = await expired(context)
    expect(await engine.delete(one.id)).toBe('missing')
    const other = await expired(context)
    expect(await engine.delete(other.id, other.version)).toBe('missing')
    const stale = await expired(context)
    expect(await engine.delete(stale.id, 'stale')).toBe('missing')
  },

  'lets a create take the place of an expired record, under another version': async (context) => {
    const { engine, record } = context
    const { id, version } = await expired(context)
    const created = await engine.create(id, await record('second'))
    expect(created.status).toBe('saved')
    expect(created).toMatchObject({ version: (await engine.load(id))?.version })
    expect(await engine.load(id)).toMatchObject({ data: 'second' })
    expect(await engine.save(id, await record('third'), version)).toEqual({ status: 'conflict' })
  },

  'lets one of many creates take the place of an expired record': async (context) => {
    const { engine, peer, record } = context
    const { id } = await expired(context)
    const next = await record('next')
    const created = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        (index % 2 === 0 ? engine : peer).create(id, next),
      ),
    )
    expect(created.filter(({ status }) => status === 'saved')).toHaveLength(1)
  },

  'goes by the deadline that a save or a touch set': async (context) => {
    const { engine, stored, record } = context
    const longer = { life: 3 * lifeOf(context) }
    const saved = await stored('data', { life: lifeOf(context) })
    const touched = await stored('data', { life: lifeOf(context) })
    const shortened = await stored('data', longer)
    await engine.save(saved.id, await record('data', longer))
    await engine.touch(touched.id, await record('data', longer))
    await engine.save(shortened.id, await record('data', { life: lifeOf(context) }))

    await pass(context)

    expect(await engine.exists(saved.id)).toBe(true)
    expect(await engine.exists(touched.id)).toBe(true)
    expect(await engine.exists(shortened.id)).toBe(false)
  },

  'keeps what is stored with a deadline in the past from being live': async (context) => {
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

/** How long a record lives that a case watches expire, in milliseconds: short where somebody has to wait for it. */
export function lifeOf({ granularity, still }: EngineContext): number {
  return still ? 60_000 : 4 * granularity
}

/** Stores a record, and lets its deadline come. */
async function expired(context: EngineContext): Promise<{ id: string; version: string }> {
  const record = await context.stored('data', { life: lifeOf(context) })
  await pass(context)
  return record
}

/** Lets the deadline come of what lives for `lifeOf` from now: to the millisecond, where the store is that exact. */
export async function pass(context: EngineContext): Promise<void> {
  await context.advance(lifeOf(context) + context.granularity - 1)
}

/** How long before its deadline a record is certainly live. A store's own time runs on while the case does. */
function lastMoment({ granularity, still }: EngineContext): number {
  return still ? granularity : 2 * granularity
}
