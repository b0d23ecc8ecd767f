import { createSessions } from '@sessions/core'
import { describe, expect, it } from 'vitest'
import { fileEngine } from '../src/index.ts'
import { started } from './processes.ts'
import { freshDirectory, sessionFilesIn } from './store.ts'

type Data = Record<string, number>

describe('concurrent requests on one session in files', () => {
  it('cannot undo a logout by fifty late saves from two processes', async () => {
    const directory = freshDirectory()
    const manager = createSessions<Data>({ engine: fileEngine({ directory }) })
    const leaving = manager.open()
    leaving.set('user', 1)
    await leaving.save()
    const { sessionKey = '' } = leaving
    const other = started('write-late', directory, sessionKey, '25')
    expect((await other.lines.next()).value).toBe('LOADED')
    const writers = await Promise.all(
      Array.from({ length: 25 }, async () => manager.open(sessionKey).load()),
    )

    leaving.flush()
    await leaving.save()
    other.child.stdin?.write('go on\n')
    const outcomes = await Promise.all(
      writers.map(async (session, index) => {
        session.set(`key ${index}`, index)
        return session.save().then(
          () => 'saved',
          (error: { code: string }) => error.code,
        )
      }),
    )

    expect(new Set(outcomes)).toEqual(new Set(['SESSION_INTERRUPTED']))
    const { value: others } = await other.lines.next()
    expect(JSON.parse(others)).toEqual(['SESSION_INTERRUPTED'])
    expect((await manager.open(sessionKey).load()).isEmpty).toBe(true)
    expect(sessionFilesIn(directory)).toEqual([])
  })
})
