import type { Attributes, AttributeValue } from '@sessions/core'
import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group, type EngineContext } from './context.ts'
import { lifeOf, pass } from './expiry.ts'
import type { SuiteCase } from '../register-cases.ts'

/** Values that a collation, a pattern, a conversion or an index with composite keys may confuse. */
const values: readonly string[] = [
  'ada',
  'Ada',
  'ada ',
  'ada:2',
  'ada|2',
  'ada/2',
  "o'hara",
  '"',
  '%',
  '_da',
  '*',
  '',
  '\u00e4',
  'a\u0308',
  '3',
]

/** `find` yields every live record whose attribute has the value, and no other record. */
export const findCases: (subject: EngineSubject) => readonly SuiteCase[] = group('find', {
  'yields the id and the deadline of each live record with that value, and no others': async (
    context,
  ) => {
    const ada = [
      await filed(context, { userId: 'ada' }),
      await filed(context, { userId: 'ada', level: 1 }),
    ]
    await filed(context, { userId: 'bob', level: 2 })
    await filed(context, {})
    await filed(context, undefined)

    await expectFound(context, 'userId', 'ada', ada)
    await expectFound(context, 'userId', 'nobody', [])
    for await (const record of search(context, 'userId', 'ada')) {
      const loaded = await context.engine.load(record.id)
      expect(record.expiresAt).toBe(loaded?.expiresAt)
    }
  },

  'compares text exactly: case, spaces, separators, wildcards and Unicode forms count': async (
    context,
  ) => {
    const ids: string[] = []
    for (const userId of values) ids.push(await filed(context, { userId }))
    for (const [index, userId] of values.entries()) {
      await expectFound(context, 'userId', userId, [ids[index] ?? ''])
    }
  },

  'finds numbers and booleans, 0 and false included': async (context) => {
    const low = await filed(context, { level: 0, admin: false })
    const high = await filed(context, { level: 3_000_000_000, admin: true })
    await expectFound(context, 'level', 0, [low])
    await expectFound(context, 'level', 3_000_000_000, [high])
    await expectFound(context, 'admin', false, [low])
    await expectFound(context, 'admin', true, [high])
  },

  'finds a record by the attributes of its last save, and no longer by earlier ones': async (
    context,
  ) => {
    const { engine, record } = context
    const id = await filed(context, { userId: 'ada', level: 1 })

    await engine.save(id, await record('data', { attributes: { userId: 'bob', level: 1 } }))
    await expectFound(context, 'userId', 'ada', [])
    await expectFound(context, 'userId', 'bob', [id])
    await expectFound(context, 'level', 1, [id])

    const loaded = await engine.load(id)
    const next = await record('next', { attributes: { userId: 'cy' } })
    await engine.save(id, next, loaded?.version)
    await expectFound(context, 'userId', 'cy', [id])
    await expectFound(context, 'level', 1, [])
  },

  'ignores the attributes of a save or create that wrote nothing': async (context) => {
    const { engine, record } = context
    const id = await filed(context, { userId: 'ada' })
    const bob = await record('data', { attributes: { userId: 'bob' } })
    await engine.save(id, bob, 'stale')
    await engine.create(id, bob)
    await expectFound(context, 'userId', 'ada', [id])
    await expectFound(context, 'userId', 'bob', [])
  },

  'no longer finds a record whose last save lacked the attribute or set it to null': async (
    context,
  ) => {
    const { engine, record } = context
    for (const attributes of [{ userId: null }, {}, undefined]) {
      const id = await filed(context, { userId: 'ada' })
      await engine.save(id, await record('data', { attributes }))
      await expectFound(context, 'userId', 'ada', [])
      await expectFound(context, 'userId', 'null', [])
      await expectFound(context, 'userId', '', [])
      expect(await engine.exists(id)).toBe(true)
    }
  },

  'yields nothing for null, not even records without the attribute': async (context) => {
    await filed(context, { userId: null })
    await filed(context, undefined)
    await expectFound(context, 'userId', null, [])
  },

  'still finds a record after a touch, with its new deadline': async (context) => {
    const { engine, record } = context
    const attributes = { userId: 'ada' }
    const id = await filed(context, attributes)
    await engine.touch(id, await record('data', { life: 7_200_000, attributes }))
    await expectFound(context, 'userId', 'ada', [id])
    const deadline = (await engine.load(id))?.expiresAt
    for await (const found of search(context, 'userId', 'ada'))
      expect(found.expiresAt).toBe(deadline)
  },

  'yields neither deleted nor expired records': async (context) => {
    const { engine } = context
    const deleted = await filed(context, { userId: 'ada' })
    const live = await filed(context, { userId: 'ada' })
    await context.stored('data', { life: lifeOf(context), attributes: { userId: 'ada' } })
    await engine.delete(deleted)
    await pass(context)
    await expectFound(context, 'userId', 'ada', [live])
  },

  'ignores the attributes of a deleted record when its id is used again': async (context) => {
    const { engine, record } = context
    const id = await filed(context, { userId: 'ada' })
    await engine.delete(id)
    await engine.create(id, await record('data', { attributes: { userId: 'bob' } }))
    await expectFound(context, 'userId', 'ada', [])
    await expectFound(context, 'userId', 'bob', [id])
  },

  'yields each of 1,500 records exactly once': async (context) => {
    const ids: string[] = []
    for (let index = 0; index < 1_500; index += 1) ids.push(await filed(context, { userId: 'ada' }))
    await expectFound(context, 'userId', 'ada', ids)
  },

  'lets the caller delete each record while iterating, and stop early': async (context) => {
    for (let index = 0; index < 50; index += 1) await filed(context, { userId: 'ada' })
    let deletions = 0
    for await (const { id } of search(context, 'userId', 'ada')) {
      expect(await context.engine.delete(id)).toBe('deleted')
      deletions += 1
      if (deletions === 40) break
    }
    expect(await found(context, 'userId', 'ada'), "find('userId', 'ada')").toHaveLength(10)
  },

  'keeps records that are created under expired ids while it runs': async (context) => {
    const { engine, record } = context
    const attributes = { userId: 'ada' }
    const options = { life: lifeOf(context), attributes }
    const ids: string[] = []
    for (let index = 0; index < 10; index += 1) ids.push((await context.stored('old', options)).id)
    const live = await filed(context, attributes)

    let created = false
    for await (const _ of search(context, 'userId', 'ada')) {
      if (created) continue
      created = true
      await pass(context)
      for (const id of ids) await engine.create(id, await record('created anew', { attributes }))
    }

    expect(created, 'whether find yielded a record').toBe(true)
    for (const id of ids) expect((await engine.load(id))?.data).toBe('created anew')
    await expectFound(context, 'userId', 'ada', [...ids, live])
  },
})

async function filed(context: EngineContext, attributes: Attributes | undefined): Promise<string> {
  return (await context.stored('data', { attributes })).id
}

/** Calls `find` as a method, since an engine may be a class. */
function search(
  { engine }: EngineContext,
  attribute: string,
  value: AttributeValue,
): AsyncIterable<{ readonly id: string; readonly expiresAt: number }> {
  const records = engine.find?.(attribute, value)
  if (!records) throw new Error('The subject declares `find: true`, but the engine has no `find`.')
  return records
}

/** Expects that `find` yields these ids, in whatever order. */
async function expectFound(
  context: EngineContext,
  attribute: string,
  value: AttributeValue,
  ids: readonly string[],
): Promise<void> {
  const call = `find('${attribute}', ${JSON.stringify(value)})`
  expect(await found(context, attribute, value), call).toEqual([...ids].toSorted())
}

/** The ids that `find` yields, sorted. */
async function found(
  context: EngineContext,
  attribute: string,
  value: AttributeValue,
): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { id } of search(context, attribute, value)) ids.push(id)
  return ids.toSorted()
}
