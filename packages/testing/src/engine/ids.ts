import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group } from './context.ts'
import type { SuiteCase } from '../register-cases.ts'

/**
 * Ids that core never generates, but that an engine must treat like any other: a direct call to an engine must not allow
 * injection or reach another id's record.
 */
const hostile: readonly string[] = [
  // Letters that a collation, a file system or a locale may treat as equal, and spaces that it may trim.
  ['a', 'A', 'a ', ' a', 'aa', '\u00e4', 'a\u0308', '\u00c4', '\u00df', 'ss', '\u0131', 'i', 'I'],
  ['0', '00', '1', '01', '1.0', '-1', '1e3', '1000', 'null', 'undefined', 'true', 'NaN'],
  ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'size'],
  ["it's", '"quoted"', '`quoted`', "x' OR '1'='1", "x'; DROP TABLE sessions; --", '\\', "\\'"],
  [
    '%',
    '_',
    '%25',
    '*',
    '?',
    '$1',
    '[a]',
    '{a}',
    'a:b',
    'a|b',
    'a,b',
    'a;b',
    'a&b',
    'a=b',
    '#',
    '~',
  ],
  [
    '.',
    '..',
    '/',
    'a/b',
    '/etc/passwd',
    '../../etc/passwd',
    '..\\..\\boot.ini',
    'C:\\temp',
    'con',
    'nul',
  ],
  ['-', '--', 'a\tb', 'a\nb', 'a\r\nb', 'a b', '\u00a0', '\u200b', '\ufeff', '\u202e'],
  ['\u043a\u043b\u044e\u0447', '\u952e', '\ud83d\udd11', '\ud83d\udc69\u200d\ud83d\udcbb'],
].flat()

/** Ids are opaque: an engine compares them exactly and never interprets them. */
export const idCases: (subject: EngineSubject) => readonly SuiteCase[] = group('ids', {
  'may contain any character, and no two of them share a record': async ({
    engine,
    record,
    longestId,
  }) => {
    const ids = [...hostile, 'x'.repeat(longestId), `${'x'.repeat(longestId - 1)}y`].filter(
      (id) => id.length <= longestId,
    )

    for (const id of ids) {
      expect(await engine.load(id), `load of ${id}`).toBeUndefined()
      const created = await engine.create(id, await record(`data of ${id}`))
      expect(created.status, `create of ${id}`).toBe('saved')
    }
    for (const id of ids) {
      const loaded = await engine.load(id)
      expect(loaded?.data).toBe(`data of ${id}`)
      const saved = await engine.save(id, await record(`new data of ${id}`), loaded?.version)
      expect(saved.status, `save of ${id}`).toBe('saved')
    }
    for (const id of ids) {
      expect((await engine.load(id))?.data).toBe(`new data of ${id}`)
      expect((await engine.touch(id, await record(`new data of ${id}`))).status).toBe('saved')
      expect(await engine.delete(id), `delete of ${id}`).toBe('deleted')
      expect(await engine.exists(id), `exists of ${id}`).toBe(false)
    }
  },

  'without a record: load returns undefined, exists false, and every write missing': async ({
    engine,
    record,
    id,
  }) => {
    const unknown = id()
    expect(await engine.load(unknown)).toBeUndefined()
    expect(await engine.exists(unknown)).toBe(false)
    expect(await engine.save(unknown, await record('{}'))).toEqual({ status: 'missing' })
    expect(await engine.save(unknown, await record('{}'), 'version')).toEqual({ status: 'missing' })
    expect(await engine.touch(unknown, await record('{}'))).toEqual({ status: 'missing' })
    expect(await engine.touch(unknown, await record('{}'), 'version')).toEqual({
      status: 'missing',
    })
    expect(await engine.delete(unknown)).toBe('missing')
    expect(await engine.delete(unknown, 'version')).toBe('missing')
    expect(await engine.load(unknown)).toBeUndefined()
  },
})
