import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { expectDeadline, group } from './context.ts'
import type { SuiteCase } from '../register-cases.ts'

/** Without U+0000 and lone surrogates: JSON text escapes both, and PostgreSQL cannot store the former. */
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

/** Pairs of texts that a collation, or a comparison of numbers, may treat as equal. */
const lookalikes: readonly (readonly [string, string])[] = [
  ['{"a":"x"}', '{"a":"X"}'],
  ['text', 'text '],
  ['caf\u00e9', 'cafe\u0301'],
  ['stra\u00dfe', 'strasse'],
  ['1', '1.0'],
]

/** Payloads, attributes and deadlines are stored unchanged. */
export const payloadCases: (subject: EngineSubject) => readonly SuiteCase[] = group('payloads', {
  'are returned byte for byte after create': async ({ engine, stored }) => {
    for (const data of payloads) {
      const { id } = await stored(data)
      expect((await engine.load(id))?.data, 'data of load').toBe(data)
    }
  },

  'are returned byte for byte after save': async ({ engine, stored, record }) => {
    const { id } = await stored('before')
    for (const data of payloads) {
      expect((await engine.save(id, await record(data))).status).toBe('saved')
      expect((await engine.load(id))?.data, 'data of load').toBe(data)
    }
  },

  'of largestPayload bytes are stored in full': async ({
    engine,
    stored,
    record,
    largestPayload,
  }) => {
    const { id, version } = await stored('x'.repeat(largestPayload))
    const isWhole = (await engine.load(id))?.data === 'x'.repeat(largestPayload)
    expect(isWhole, `load returns all ${largestPayload} bytes of ASCII`).toBe(true)

    const unicode = '\u00e9'.repeat(largestPayload / 2)
    expect((await engine.save(id, await record(unicode), version)).status).toBe('saved')
    const isWholeUnicode = (await engine.load(id))?.data === unicode
    expect(isWholeUnicode, `load returns all ${largestPayload} bytes of UTF-8`).toBe(true)
  },

  'that differ only in case, spaces or Unicode normalisation are different data': async (
    context,
  ) => {
    const { engine, stored, record } = context
    for (const [one, other] of lookalikes) {
      const { id, version } = await stored(one)

      expect((await engine.save(id, await record(other), version)).status).toBe('saved')
      expect((await engine.load(id))?.data).toBe(other)
      expect((await engine.save(id, await record('stale'), version)).status).toBe('conflict')
      expect(await engine.delete(id, version)).toBe('conflict')
    }
  },

  'keep their deadline': async ({ engine, id, now, granularity }) => {
    for (const expiresAt of [
      (await now()) + 1_209_600_000,
      Date.UTC(2099, 11, 31, 23, 59, 59, 999),
    ]) {
      const fresh = id()
      await engine.create(fresh, { data: '{}', expiresAt })
      const loaded = await engine.load(fresh)
      expectDeadline(loaded, expiresAt, granularity)
    }
  },

  'keep their attributes, if load returns attributes at all': async (context) => {
    const attributes = { userId: 'ada', level: 3, admin: true }
    const { id } = await context.stored('{}', { attributes })
    const loaded = await context.engine.load(id)
    if (loaded?.attributes) expect(loaded.attributes).toMatchObject(attributes)
  },

  'are copies: mutating a record after passing it in or loading it changes nothing': async (
    context,
  ) => {
    const { engine, id, now, stored } = context
    const created = { data: 'created', expiresAt: (await now()) + 60_000, attributes: { level: 1 } }
    const fresh = id()
    await engine.create(fresh, created)
    spoil(created)
    const loaded = await engine.load(fresh)
    expect(loaded, 'load after the record of create was mutated').toMatchObject({ data: 'created' })
    spoil(loaded)
    const again = await engine.load(fresh)
    expect(again?.data, 'data after the loaded record was mutated').toBe('created')
    expect(again?.attributes?.['level'] ?? 1, 'level after the loaded record was mutated').toBe(1)

    const saved = await stored('first')
    const next = { data: 'second', expiresAt: (await now()) + 60_000, attributes: { level: 2 } }
    await engine.save(saved.id, next)
    spoil(next)
    const last = await engine.load(saved.id)
    expect(last?.data, 'data after the record of save was mutated').toBe('second')
    expect(last?.attributes?.['level'] ?? 2, 'level after the record of save was mutated').toBe(2)
  },
})

/** Overwrites every field; on a frozen object, nothing happens. */
function spoil(record: object | undefined): void {
  if (!record) return
  const attributes: unknown = Reflect.get(record, 'attributes')
  if (typeof attributes === 'object' && attributes) Reflect.set(attributes, 'level', 99)
  Reflect.set(record, 'data', 'spoilt')
  Reflect.set(record, 'expiresAt', 0)
  Reflect.set(record, 'version', 'spoilt')
}
