import { chmodSync, chownSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createSessions } from '@sessions/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fileEngine } from '../src/index.ts'
import { answerOf, answerOnSmallDisk, started } from './processes.ts'
import { filesIn, freshDirectory, record, sessionFilesIn } from './store.ts'

describe('two processes over one directory', () => {
  it('keep the keys of all fifty concurrent writers', async () => {
    const directory = freshDirectory()
    const manager = createSessions<Record<string, boolean>>({ engine: fileEngine({ directory }) })
    const session = manager.open()
    session.set('seed', true)
    await session.save()
    const { sessionKey = '' } = session

    await Promise.all(
      ['a', 'b'].map(async (name) => answerOf('write', directory, sessionKey, name, '25')),
    )

    const stored = await manager.open(sessionKey).load()
    expect(stored.size).toBe(51)
    expect(sessionFilesIn(directory)).toHaveLength(1)
  })

  it('let one of a thousand concurrent creates win', async () => {
    const directory = freshDirectory()

    const won = await Promise.all(
      [1, 2].map(async () => answerOf('create', directory, 'id', '500')),
    )

    expect(won.map(Number).reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(await fileEngine({ directory }).exists('id')).toBe(true)
  })
})

describe('a lock', () => {
  it('is respected while its owner is alive, and taken over once that has died', async () => {
    const directory = freshDirectory()
    const engine = fileEngine({ directory, lockTimeout: 200 })
    await engine.create('id', record('before'))
    const owner = started('hold', directory, 'id')
    await owner.lines.next()

    await expect(engine.save('id', record('after'))).rejects.toThrow(
      `process ${owner.child.pid} holds it`,
    )
    await expect(engine.delete('id')).rejects.toThrow('200 ms')
    expect((await engine.load('id'))?.data).toBe('before')

    await owner.kill()
    expect((await engine.save('id', record('after'))).status).toBe('saved')
    expect((await engine.load('id'))?.data).toBe('after')
  })

  it('is respected while the thread that took it runs, and taken over once that has ended in a live process', async () => {
    const directory = freshDirectory()
    const engine = fileEngine({ directory, lockTimeout: 200 })
    await engine.create('id', record('before'))
    const owner = started('hold-in-thread', directory, 'id')
    expect((await owner.lines.next()).value).toBe('HELD')

    await expect(engine.save('id', record('after'))).rejects.toThrow('200 ms')
    owner.child.stdin?.write('end the thread\n')
    expect((await owner.lines.next()).value).toBe('saved')
    expect((await engine.load('id'))?.data).toBe('by another thread')
  })
})

describe('a process that is killed while it saves', () => {
  it('leaves every session in its last acknowledged state, or in the one being saved', async () => {
    const directory = freshDirectory()
    const engine = fileEngine({ directory })
    const ids = Array.from({ length: 20 }, (_, index) => `session ${index}`)
    for (const id of ids) await engine.create(id, record('{"round":0,"filler":""}'))
    const acknowledged = ids.map(() => 0)

    const writer = started('save', directory, 'Infinity')
    let said = 0
    for await (const line of writer.lines) {
      const [session = 0, round = 0] = line.split(' ').map(Number)
      acknowledged[session] = round
      said += 1
      if (said === 4000) writer.child.kill('SIGKILL')
    }
    await writer.kill()

    for (const [index, id] of ids.entries()) {
      const loaded = await engine.load(id)
      const { round, filler } = JSON.parse(loaded?.data ?? '') as {
        round: number
        filler: string
      }
      expect(filler).toHaveLength((round % 5) * 1500)
      expect(round).toBeGreaterThanOrEqual(acknowledged[index] ?? 0)
      expect(round).toBeLessThanOrEqual((acknowledged[index] ?? 0) + 1)
    }

    expect(filesIn(directory).length).toBeGreaterThan(ids.length + 2)
    expect(await engine.clearExpired({})).toBe(0)
    expect(sessionFilesIn(directory)).toHaveLength(ids.length)
    for (const id of ids) expect((await engine.save(id, record('on'))).status).toBe('saved')
  })
})

describe('a disk', () => {
  it('that is full makes writes reject, and keeps the stored sessions', async () => {
    const directory = freshDirectory()

    const answer = await answerOnSmallDisk(directory, 'fill')

    const code: unknown = expect.stringMatching(/^(ENOSPC|EFBIG)$/)
    expect(answer).toEqual({
      tooMuch: code,
      kept: 'before',
      created: code,
      exists: false,
      little: 'saved',
    })
  })

  it('that is read-only makes writes reject, and lets sessions be read', async () => {
    const directory = freshDirectory()
    const engine = fileEngine({ directory })
    await engine.create('id', record('before'))
    await engine.create('old', { data: 'old', expiresAt: 0 })
    const files = filesIn(directory).map((file) => join(directory, file))
    const paths = [...new Set([directory, ...files.map(dirname), ...files])]
    const allow = (mode: number): void => {
      for (const path of paths) chmodSync(path, mode)
    }
    onTestFinished(() => allow(0o700))
    if (process.getuid?.() === 0) for (const path of paths) chownSync(path, 65_534, 65_534)
    allow(0o500)

    const answer = await answerOf('denied', directory)

    expect(answer).toEqual({
      loaded: 'before',
      save: 'EACCES',
      touch: 'EACCES',
      delete: 'EACCES',
      create: 'EACCES',
      clearExpired: 'EACCES',
      after: 'before',
    })
  })
})
