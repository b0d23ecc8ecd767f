import type { Attributes, AttributeValue } from '@sessions/core'
import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group, type EngineCase, type EngineContext } from './context.ts'
import { lifeOf, pass } from './expiry.ts'

/** Values that must be taken as they are. */
const values: readonly string[] = [
  'ada',
  'Ada',
  'ada ',
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

/** The live records with an attribute's value: all of them, and no other. */
export const findCases: (subject: EngineSubject) => readonly EngineCase[] = group('find', {
  'yields the live records with that value, and their deadlines': async (context) => {
    const ada = [
      await filed(context, { userId: 'ada' }),
      await filed(context, { userId: 'ada', level: 1 }),
    ]
    await filed(context, { userId: 'bob', level: 2 })
    await filed(context, {})
    await filed(context, undefined)

    expect(await found(context, 'userId', 'ada')).toEqual([...ada].toSorted())
    expect(await found(context, 'userId', 'nobody')).toEqual([])
    for await (const record of search(context, 'userId', 'ada')) {
      const loaded = await context.engine.load(record.id)
      expect(record.expiresAt).toBe(loaded?.expiresAt)
    }
  },

  'tells texts apart to the character': async (context) => {
    const ids: string[] = []
    for (const userId of values) ids.push(await filed(context, { userId }))
    for (const [index, userId] of values.entries()) {
      expect(await found(context, 'userId', userId), `find of ${userId}`).toEqual([ids[index]])
    }
  },

  'knows numbers and booleans': async (context) => {
    const low = await filed(context, { level: 0, admin: false })
    const high = await filed(context, { level: 3_000_000_000, admin: true })
    expect(await found(context, 'level', 0)).toEqual([low])
    expect(await found(context, 'level', 3_000_000_000)).toEqual([high])
    expect(await found(context, 'admin', false)).toEqual([low])
    expect(await found(context, 'admin', true)).toEqual([high])
  },

  'follows the value as saves change it': async (context) => {
    const { engine, record } = context
    const id = await filed(context, { userId: 'ada', level: 1 })

    await engine.save(id, await record('data', { attributes: { userId: 'bob', level: 1 } }))
    expect(await found(context, 'userId', 'ada')).toEqual([])
    expect(await found(context, 'userId', 'bob')).toEqual([id])
    expect(await found(context, 'level', 1)).toEqual([id])

    const loaded = await engine.load(id)
    const next = await record('next', { attributes: { userId: 'cy' } })
    await engine.save(id, next, loaded?.version)
    expect(await found(context, 'userId', 'cy')).toEqual([id])
    expect(await found(context, 'level', 1)).toEqual([])
  },

  'does not follow a save that wrote nothing': async (context) => {
    const { engine, record } = context
    const id = await filed(context, { userId: 'ada' })
    const bob = await record('data', { attributes: { userId: 'bob' } })
    await engine.save(id, bob, 'stale')
    await engine.create(id, bob)
    expect(await found(context, 'userId', 'ada')).toEqual([id])
    expect(await found(context, 'userId', 'bob')).toEqual([])
  },

  'forgets a value that went away': async (context) => {
    const { engine, record } = context
    for (const attributes of [{ userId: null }, {}, undefined]) {
      const id = await filed(context, { userId: 'ada' })
      await engine.save(id, await record('data', { attributes }))
      expect(await found(context, 'userId', 'ada')).toEqual([])
      expect(await found(context, 'userId', 'null')).toEqual([])
      expect(await found(context, 'userId', '')).toEqual([])
      expect(await engine.exists(id)).toBe(true)
    }
  },

  'yields nothing for null, which is no value to be found by': async (context) => {
    await filed(context, { userId: null })
    await filed(context, undefined)
    expect(await found(context, 'userId', null)).toEqual([])
  },

  'still yields what was touched, with its new deadline': async (context) => {
    const { engine, record } = context
    const attributes = { userId: 'ada' }
    const id = await filed(context, attributes)
    await engine.touch(id, await record('data', { life: 7_200_000, attributes }))
    expect(await found(context, 'userId', 'ada')).toEqual([id])
  },

  'yields neither what was deleted nor what has expired': async (context) => {
    const { engine } = context
    const deleted = await filed(context, { userId: 'ada' })
    const live = await filed(context, { userId: 'ada' })
    await context.stored('data', { life: lifeOf(context), attributes: { userId: 'ada' } })
    await engine.delete(deleted)
    await pass(context)
    expect(await found(context, 'userId', 'ada')).toEqual([live])
  },

  'knows only the last life of an id': async (context) => {
    const { engine, record } = context
    const id = await filed(context, { userId: 'ada' })
    await engine.delete(id)
    await engine.create(id, await record('data', { attributes: { userId: 'bob' } }))
    expect(await found(context, 'userId', 'ada')).toEqual([])
    expect(await found(context, 'userId', 'bob')).toEqual([id])
  },

  'yields a great many, each once': async (context) => {
    const ids: string[] = []
    for (let index = 0; index < 1_500; index += 1) ids.push(await filed(context, { userId: 'ada' }))
    expect(await found(context, 'userId', 'ada')).toEqual(ids.toSorted())
  },

  'bears with a caller that deletes what it is handed, and with one that stops early': async (
    context,
  ) => {
    for (let index = 0; index < 50; index += 1) await filed(context, { userId: 'ada' })
    let deletions = 0
    for await (const { id } of search(context, 'userId', 'ada')) {
      expect(await context.engine.delete(id)).toBe('deleted')
      deletions += 1
      if (deletions === 40) break
    }
    expect(await found(context, 'userId', 'ada')).toHaveLength(10)
  },
})

async function filed(context: EngineContext, attributes: Attributes | undefined): Promise<string> {
  return (await context.stored('data', { attributes })).id
}

/** Called as a method, because an engine of somebody else may be a class. */
function search(
  { engine }: EngineContext,
  attribute: string,
  value: AttributeValue,
): AsyncIterable<{ readonly id: string; readonly expiresAt: number }> {
  const records = engine.find?.(attribute, value)
  if (!records) throw new Error('the engine has no find')
  return records
}

/** The ids in order. */
async function found(
  context: EngineContext,
  attribute: string,
  value: AttributeValue,
): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { id } of search(context, attribute, value)) ids.push(id)
  return ids.toSorted()
}
