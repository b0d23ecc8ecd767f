import { platform } from '@sessions/core/platform'
import fs, { existsSync, linkSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { fileEngine } from '../src/index.ts'
import { lockFiles } from '../src/lock-files.ts'
import { fileLocks } from '../src/locks.ts'
import { thisThread, type Owner } from '../src/owner.ts'
import { filesIn, freshDirectory, ID, record, sessionFilesIn } from './store.ts'

const self = thisThread()

/** Owners that have died, as far as this process can tell. */
const dead: Readonly<Record<string, Owner>> = {
  'whose pid no process has': { ...self, pid: 2 ** 22 + 1 },
  'whose pid another process has by now': {
    ...self,
    pid: process.ppid,
    thread: process.ppid,
    start: '1',
  },
  'whose pid this process has by now': { ...self, start: '1' },
  'whose thread has ended': { ...self, thread: 2 ** 22 + 1 },
  'from before the machine was restarted': { ...self, boot: 'another', start: '1' },
}

/** Creates a lock of that owner as the engine does: as a link to the owner's file. */
function plantLock(lock: string, owner: unknown): string {
  const file = join(dirname(dirname(lock)), `owner-${Math.random().toString(36).slice(2)}`)
  mkdirSync(dirname(lock), { recursive: true })
  writeFileSync(file, JSON.stringify(owner))
  linkSync(file, lock)
  return file
}

const lockIn = (directory: string): string => join(directory, 'ab', `${ID}.lock`)

describe('the lock of an owner', () => {
  it.each(Object.entries(dead))('%s is taken over', async (_, owner) => {
    const directory = freshDirectory()
    const engine = fileEngine({ directory })
    await engine.create(ID, record('before'))
    plantLock(lockIn(directory), owner)

    expect((await engine.save(ID, record('after'))).status).toBe('saved')
    expect(sessionFilesIn(directory)).toEqual([join('ab', ID)])
  })

  it('that is alive is respected, and the call rejects after lockTimeout', async () => {
    const directory = freshDirectory()
    const engine = fileEngine({ directory, lockTimeout: 50 })
    await engine.create(ID, record('before'))
    plantLock(lockIn(directory), self)

    await expect(engine.save(ID, record('after'))).rejects.toThrow(
      `process ${process.pid} holds it`,
    )
    await engine.clearExpired({})
    expect(existsSync(lockIn(directory))).toBe(true)
    expect((await engine.load(ID))?.data).toBe('before')
  })

  it('that is alive keeps many queued calls waiting no longer than a single one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
    const sleep = vi.spyOn(platform, 'sleep')
    sleep.mockImplementation((time) => new Promise((resolve) => setTimeout(resolve, time)))
    onTestFinished(() => {
      sleep.mockRestore()
      vi.useRealTimers()
    })
    const locks = fileLocks(
      {
        take: async () => false,
        holderOf: async () => ({ owner: self, active: 0 }),
        isGone: () => false,
        isOwn: () => false,
        release: async () => undefined,
      },
      500,
    )
    let rejected = 0
    const calls = Array.from({ length: 20 }, async () =>
      locks.holding('path', async () => undefined).catch(() => (rejected += 1)),
    )

    await vi.advanceTimersByTimeAsync(480)
    expect(rejected).toBe(0)
    await vi.advanceTimersByTimeAsync(40)
    expect(rejected).toBe(20)
    await Promise.all(calls)
  })

  it.each([
    { ...self, space: 'pid:[1]' },
    // As in LXC, where each container has its own boot id.
    { ...self, space: 'pid:[1]', boot: 'another' },
    { pid: 0 },
    null,
    'no owner',
  ])('that cannot be checked is respected: %j', async (owner) => {
    const directory = freshDirectory()
    const engine = fileEngine({ directory, lockTimeout: 50 })
    plantLock(lockIn(directory), owner)
    await expect(engine.create(ID, record('{}'))).rejects.toThrow('holds it')
  })

  it('that cannot be checked is taken over after ten minutes of inactivity', () => {
    const { isGone } = lockFiles(freshDirectory(), async () => {})
    const owner = { ...self, space: 'pid:[1]' }
    expect(isGone({ owner, active: Date.now() - 590_000 })).toBe(false)
    expect(isGone({ owner, active: Date.now() - 610_000 })).toBe(true)
    expect(isGone({ owner: undefined, active: Date.now() - 610_000 })).toBe(true)
    expect(isGone({ owner: self, active: 0 })).toBe(false)
  })

  it('that failed to release it is released by the next caller, or by clear(), unless another has taken it', async () => {
    const directory = freshDirectory()
    const files = lockFiles(
      directory,
      async (folder) => void mkdirSync(folder, { recursive: true }),
    )
    let readOnly = false
    const release = async (lock: string): Promise<void> => {
      if (readOnly) throw new Error('EROFS')
      await files.release(lock)
    }
    const locks = fileLocks({ ...files, release }, 50)
    const path = join(directory, 'ab', ID)
    const leave = async (): Promise<void> => {
      readOnly = true
      await expect(locks.holding(path, async () => undefined)).rejects.toThrow('EROFS')
      readOnly = false
      expect(existsSync(lockIn(directory))).toBe(true)
    }

    await leave()
    expect(await locks.holding(path, async () => 'done')).toBe('done')
    expect(existsSync(lockIn(directory))).toBe(false)

    await leave()
    await locks.clear(lockIn(directory))
    expect(existsSync(lockIn(directory))).toBe(false)

    // Somebody else has removed it, and holds the lock by now.
    await leave()
    unlinkSync(lockIn(directory))
    plantLock(lockIn(directory), { ...self, space: 'pid:[1]' })
    await locks.clear(lockIn(directory))
    await expect(locks.holding(path, async () => undefined)).rejects.toThrow('holds it')
    expect(existsSync(lockIn(directory))).toBe(true)
  })

  it('that has died is taken over by one of many waiting calls, and no update is lost', async () => {
    const directory = freshDirectory()
    const engines = Array.from({ length: 10 }, () => fileEngine({ directory }))
    for (let round = 0; round < 10; round += 1) {
      const id = `${round}`.repeat(64)
      await engines[0]?.create(id, record('0'))
      plantLock(join(directory, id.slice(-2), `${id}.lock`), { ...self, start: '1' })
      const increment = async (engine: (typeof engines)[number]): Promise<void> => {
        const loaded = await engine.load(id)
        const next = record(`${Number(loaded?.data) + 1}`)
        const { status } = await engine.save(id, next, loaded?.version)
        if (status === 'conflict') await increment(engine)
      }

      await Promise.all(engines.map(increment))

      expect((await engines[0]?.load(id))?.data).toBe('10')
    }
  })
})

describe('a full disk', () => {
  it('is not littered with the files of owners that could not be written', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    const flush = vi.spyOn(fs, 'fsync').mockImplementation((_, done) => done(full))
    onTestFinished(() => flush.mockRestore())
    vi.resetModules()
    const { fileEngine: fresh } = await import('../src/index.ts')
    const directory = freshDirectory()
    const engine = fresh({ directory })

    for (const id of ['one', 'two', 'three']) {
      await expect(engine.create(id, record('{}'))).rejects.toBe(full)
    }
    expect(filesIn(directory)).toEqual([])
  })
})

describe('clearExpired', () => {
  it('removes what dead owners have left behind, and nothing else', async () => {
    const directory = freshDirectory()
    const engine = fileEngine({ directory })
    await engine.create(ID, record('{}'))
    const path = join(directory, 'ab', ID)
    const kept = [...filesIn(directory), 'README', 'ab/notes', 'ab/notes.lock', `ab/${ID}.txt`]
    for (const file of kept.slice(2)) writeFileSync(join(directory, file), '')
    const [gone = self] = Object.values(dead)
    const other = join(directory, 'ab', 'cd'.repeat(31).concat('ab'))
    plantLock(`${path}.lock`, gone)
    plantLock(`${path}.lock.steal`, gone)
    plantLock(`${other}.lock`, gone)
    for (const token of ['0123456789abcdef', 'a_b-c', 'A', 'B', 'C']) {
      writeFileSync(`${path}.${token}.tmp`, 'half of a rec')
    }
    writeFileSync(`${other}.0123456789abcdef.tmp`, '')

    expect(await engine.clearExpired({})).toBe(0)

    expect(filesIn(directory).toSorted()).toEqual(kept.toSorted())
    expect((await engine.load(ID))?.data).toBe('{}')
  })

  it('goes on past a file that it cannot read, and then rejects with its error', async () => {
    const directory = freshDirectory()
    const engine = fileEngine({ directory })
    for (const folder of ['0a', '1b', '2c', '3d', '4e', '5f']) {
      await engine.create('e'.repeat(62) + folder, { data: '{}', expiresAt: Date.now() - 1 })
      mkdirSync(join(directory, folder, 'f'.repeat(62) + folder))
    }

    await expect(engine.clearExpired({ batchSize: 2 })).rejects.toThrow('EISDIR')

    expect(sessionFilesIn(directory)).toEqual([])
  })

  it('leaves a temporary file whose writer is alive', async () => {
    const directory = freshDirectory()
    const temporary = join(directory, 'ab', `${ID}.0123456789abcdef.tmp`)
    plantLock(lockIn(directory), self)
    writeFileSync(temporary, '')

    await fileEngine({ directory }).clearExpired({})

    expect(existsSync(temporary)).toBe(true)
  })

  it("removes a dead owner's file, and an engine whose own file is missing makes another", async () => {
    const directory = freshDirectory()
    const engine = fileEngine({ directory })
    await engine.create(ID, record('{}'))
    const [own = ''] = filesIn(directory).filter((name) => name.startsWith('owner-'))
    const [gone] = Object.values(dead)
    writeFileSync(join(directory, own), JSON.stringify(gone))

    await engine.clearExpired({})

    expect(existsSync(join(directory, own))).toBe(false)
    expect((await engine.save(ID, record('on'))).status).toBe('saved')
  })
})
