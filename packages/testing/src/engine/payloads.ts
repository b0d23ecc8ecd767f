import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group, type EngineCase } from './context.ts'

/**
 * What payloads may look like. U+0000 and lone surrogates are not among them: JSON text escapes both, and the text of
 * PostgreSQL cannot hold the first.
 */
const payloads: readonly string[] = [
  '',
  ' ',
  '{}',
  '{"name":"O\'Brien","quote":"\\"","path":"C:\\\\temp"}',
  "'; DROP TABLE sessions; --",
  '%s %d %% $1 ? ?1 :name @name {0}',
  'trailing spaces   ',
  '\tline\nbreaks\r\nand\u0001control\u001f\u007fcharacters',
  '\u00fcml\u00e4ut \u4f1a\u8bdd \u30bb\u30c3\u30b7\u30e7\u30f3 \u05d0\u05d1 \ud83d\udd11\ud83d\udc69\u200d\ud83d\udcbb',
  '\u2028\u2029\ufeff\ufffd\uffff',
  '0',
  '1e3',
  '123456789012345678901234567890',
  'null',
  'true',
]

/** Pairs that a careless comparison takes for the same text. */
const lookalikes: readonly (readonly [string, string])[] = [
  ['{"a":"x"}', '{"a":"X"}'],
  ['text', 'text '],
  ['caf\u00e9', 'cafe\u0301'],
  ['stra\u00dfe', 'strasse'],
  ['1', '1.0'],
]

/** Payloads, attributes and deadlines come back as they were given. */
export const payloadCases: (subject: EngineSubject) => readonly EngineCase[] = group('payloads', {
  'come back byte by byte after a create': async ({ engine, stored }) => {
    for (const data of payloads) {
      const { id } = await stored(data)
      expect((await engine.load(id))?.data).toBe(data)
    }
  },

  'come back byte by byte after a save': async ({ engine, stored, record }) => {
    const { id } = await stored('before')
    for (const data of payloads) {
      expect((await engine.save(id, await record(data))).status).toBe('saved')
      expect((await engine.load(id))?.data).toBe(data)
    }
  },

  'come back in the largest size': async ({ engine, stored, record, largestPayload }) => {
    const { id, version } = await stored('x'.repeat(largestPayload))
    expect((await engine.load(id))?.data === 'x'.repeat(largestPayload)).toBe(true)

    const unicode = '\u00e9'.repeat(largestPayload / 2)
    expect((await engine.save(id, await record(unicode), version)).status).toBe('saved')
    expect((await engine.load(id))?.data === unicode).toBe(true)
  },

  'that differ in case, space or normalisation are different data': async (context) => {
    const { engine, stored, record } = context
    for (const [one, other] of lookalikes) {
      const { id, version } = await stored(one)

      expect((await engine.save(id, await record(other), version)).status).toBe('saved')
      expect((await engine.load(id))?.data).toBe(other)
      expect((await engine.save(id, await record('stale'), version)).status).toBe('conflict')
      expect(await engine.delete(id, version)).toBe('conflict')
    }
  },

  'come back with their deadline': async ({ engine, id, now, granularity }) => {
    for (const expiresAt of [
      (await now()) + 1_209_600_000,
      Date.UTC(2099, 11, 31, 23, 59, 59, 999),
    ]) {
      const fresh = id()
      await engine.create(fresh, { data: '{}', expiresAt })
      const loaded = await engine.load(fresh)
      expect(Math.abs((loaded?.expiresAt ?? 0) - expiresAt)).toBeLessThan(granularity)
    }
  },

  'come back with their attributes, where the engine hands attributes out': async (context) => {
    const attributes = { userId: 'ada', level: 3, admin: true }
    const { id } = await context.stored('{}', { attributes })
    const loaded = await context.engine.load(id)
    if (loaded?.attributes) expect(loaded.attributes).toMatchObject(attributes)
  },

  'do not change when the caller changes what it gave or was given': async (context) => {
    const { engine, id, now, stored } = context
    const given = { data: 'given', expiresAt: (await now()) + 60_000, attributes: { level: 1 } }
    const fresh = id()
    await engine.create(fresh, given)
    spoil(given)
    const loaded = await engine.load(fresh)
    expect(loaded).toMatchObject({ data: 'given' })
    spoil(loaded)
    const again = await engine.load(fresh)
    expect(again?.data).toBe('given')
    expect(again?.attributes?.['level'] ?? 1).toBe(1)

    const saved = await stored('first')
    const next = { data: 'second', expiresAt: (await now()) + 60_000, attributes: { level: 2 } }
    await engine.save(saved.id, next)
    spoil(next)
    const last = await engine.load(saved.id)
    expect(last?.data).toBe('second')
    expect(last?.attributes?.['level'] ?? 2).toBe(2)
  },
})

/** Overwrites what can be overwritten; a frozen object is left as it is. */
function spoil(record: object | undefined): void {
  if (!record) return
  const attributes: unknown = Reflect.get(record, 'attributes')
  if (typeof attributes === 'object' && attributes) Reflect.set(attributes, 'level', 99)
  Reflect.set(record, 'data', 'spoilt')
  Reflect.set(record, 'expiresAt', 0)
  Reflect.set(record, 'version', 'spoilt')
}
