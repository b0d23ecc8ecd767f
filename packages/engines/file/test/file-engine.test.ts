import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createSessions, InvalidSettingError } from '@sessions/core'
import { fakeClock } from '@sessions/testing'
import { describe, expect, it } from 'vitest'
import { fileEngine } from '../src/index.ts'
import { filesIn, freshDirectory, HOUR, ID, record, sessionFilesIn, stored } from './store.ts'

describe('fileEngine', () => {
  it.each(['', 'a\0b', undefined as unknown as string])('refuses the directory %j', (directory) => {
    expect(() => fileEngine({ directory })).toThrow(/directory must name a folder/)
  })

  it.each<[options: unknown, message: RegExp]>([
    [
      undefined,
      /^options of fileEngine must be an object; valid names are directory, lockTimeout, clock/,
    ],
    ['/var/lib/sessions', /^options of fileEngine must be an object/],
    [
      { path: 'a' },
      /^path is not an option of fileEngine: valid names are directory, lockTimeout, clock/,
    ],
    [{}, /^directory must name a folder/],
    [{ directory: 'a', lockTimeout: '100' }, /^lockTimeout must be a number/],
    [{ directory: 'a', lockTimeout: null }, /^lockTimeout must be a number/],
    [{ directory: 'a', clock: {} }, /^clock must have a method `now`/],
  ])('refuses the options %o', (options, message) => {
    expect(() => fileEngine(options as never)).toThrow(InvalidSettingError)
    expect(() => fileEngine(options as never)).toThrow(message)
  })

  it.each([0, -1, Number.NaN, 3_600_001])('refuses a lockTimeout of %s', (lockTimeout) => {
    expect(() => fileEngine({ directory: 'sessions', lockTimeout })).toThrow(/lockTimeout must be/)
  })

  it('does not touch the disk before it is used', () => {
    const directory = join(freshDirectory(), 'sessions')
    fileEngine({ directory })
    expect(existsSync(directory)).toBe(false)
  })

  it('has methods that work when destructured', async () => {
    const { create, load } = fileEngine({ directory: freshDirectory() })
    await create('id', record('data'))
    expect((await load('id'))?.data).toBe('data')
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses a batchSize of %s', async (batchSize) => {
    const engine = fileEngine({ directory: freshDirectory() })
    await expect(engine.clearExpired({ batchSize })).rejects.toThrow(/batchSize must be/)
  })
})

describe('the directory', () => {
  it('is created by the first save, for this user alone', async () => {
    const directory = join(freshDirectory(), 'a', 'b')
    const engine = fileEngine({ directory })
    await engine.create(ID, record('{}'))

    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(statSync(join(directory, 'ab')).mode & 0o777).toBe(0o700)
    for (const file of filesIn(directory)) {
      expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600)
    }
  })

  it('is neither created nor changed by reading', async () => {
    const directory = join(freshDirectory(), 'sessions')
    const engine = fileEngine({ directory })

    expect(await engine.load(ID)).toBeUndefined()
    expect(await engine.exists(ID)).toBe(false)
    expect(await engine.clearExpired({})).toBe(0)
    expect(existsSync(directory)).toBe(false)
  })

  it('keeps the file of an expired session until clearExpired, even if it is read', async () => {
    const directory = freshDirectory()
    const engine = fileEngine({ directory })
    await engine.create(ID, { data: '{}', expiresAt: Date.now() - 1 })
    const before = filesIn(directory)

    expect(await engine.load(ID)).toBeUndefined()
    expect(await engine.exists(ID)).toBe(false)
    expect(filesIn(directory)).toEqual(before)
    expect(await engine.clearExpired({})).toBe(1)
    expect(sessionFilesIn(directory)).toEqual([])
  })

  it('may be emptied while it is in use', async () => {
    const { engine, directory } = await stored()
    execFileSync('rm', ['-rf', directory])

    expect(await engine.load(ID)).toBeUndefined()
    expect(await engine.save(ID, record('{}'))).toEqual({ status: 'missing' })
    expect((await engine.create(ID, record('again'))).status).toBe('saved')
    expect((await engine.load(ID))?.data).toBe('again')
  })

  it('makes every call reject if it is a file', async () => {
    const directory = join(freshDirectory(), 'sessions')
    writeFileSync(directory, '')
    const engine = fileEngine({ directory })

    await expect(engine.load(ID)).rejects.toThrow('ENOTDIR')
    await expect(engine.create(ID, record('{}'))).rejects.toThrow('ENOTDIR')
    await expect(engine.delete(ID)).rejects.toThrow('ENOTDIR')
    await expect(engine.clearExpired({})).rejects.toThrow('ENOTDIR')
  })

  it('has a folder for each ending of two characters, so that no folder grows too large', async () => {
    const { directory, engine } = await stored()
    const other = `${'0'.repeat(62)}7f`
    await engine.create(other, record('{}'))
    expect(sessionFilesIn(directory).toSorted()).toEqual([join('7f', other), join('ab', ID)])
  })
})

describe('an id', () => {
  it.each(['../../escaped', '/etc/passwd', '..', 'a\0b', 'A'.repeat(5000), ID.toUpperCase(), ''])(
    'such as %j leads to no file outside the directory',
    async (id) => {
      const directory = join(freshDirectory(), 'sessions')
      const engine = fileEngine({ directory })
      await engine.create(id, record('data'))

      expect((await engine.load(id))?.data).toBe('data')
      const [file = '', ...others] = sessionFilesIn(directory)
      expect(others).toEqual([])
      expect(file).toMatch(/^[0-9a-f]{2}.x[0-9a-f]{64}$/)
      expect(filesIn(dirname(directory)).every((name) => name.startsWith('sessions'))).toBe(true)
    },
  )

  it('that equals the file name of another session has a file of its own', async () => {
    const { directory, engine } = await stored('by digest')
    await engine.create('key', record('by key'))
    const name = sessionFilesIn(directory)
      .map((file) => file.slice(3))
      .find((file) => file !== ID)
    await engine.create(name ?? '', record('by name'))
    await engine.create(name?.slice(1) ?? '', record('by digest of the key'))

    expect((await engine.load('key'))?.data).toBe('by key')
    expect(sessionFilesIn(directory)).toHaveLength(4)
  })

  it('that differs from another only in a lone surrogate names another record', async () => {
    const engine = fileEngine({ directory: freshDirectory() })
    await engine.create('\ud800', record('one'))
    await engine.create('\ufffd', record('other'))
    expect((await engine.load('\ud800'))?.data).toBe('one')
  })

  it('appears in no path if it may be a session key', async () => {
    const key = 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6'
    const { directory, engine } = await stored()
    await engine.create(key, record('{}'))
    expect(filesIn(directory).join()).not.toContain(key)
  })
})

describe('an obstacle', () => {
  it('such as a folder in place of a session file makes calls reject, not answer that it is absent', async () => {
    const directory = freshDirectory()
    mkdirSync(join(directory, 'ab', ID), { recursive: true })
    const engine = fileEngine({ directory })

    await expect(engine.load(ID)).rejects.toThrow('EISDIR')
    await expect(engine.exists(ID)).rejects.toThrow('EISDIR')
    await expect(engine.create(ID, record('{}'))).rejects.toThrow('EISDIR')
    await expect(engine.delete(ID)).rejects.toThrow('EISDIR')
  })

  it('no longer makes calls reject once it is removed', async () => {
    const directory = join(freshDirectory(), 'sessions')
    writeFileSync(directory, '')
    const engine = fileEngine({ directory })
    await expect(engine.create(ID, record('{}'))).rejects.toThrow('ENOTDIR')

    execFileSync('rm', [directory])
    expect((await engine.create(ID, record('{}'))).status).toBe('saved')
  })

  it('reaches the application as a SessionEngineError with its cause', async () => {
    const directory = join(freshDirectory(), 'sessions')
    writeFileSync(directory, '')
    const session = createSessions({ engine: fileEngine({ directory }) }).open()
    session.set('user', 'ada')

    await expect(session.save()).rejects.toMatchObject({
      code: 'SESSION_ENGINE',
      engine: 'file',
      operation: 'create',
      cause: { code: 'ENOTDIR' },
    })
  })
})

describe('the deadline', () => {
  it('is in the content of the file, whatever its times are', async () => {
    const clock = fakeClock(Date.now())
    const directory = freshDirectory()
    const engine = fileEngine({ directory, clock })
    await engine.create(ID, record('{}'))
    const path = join(directory, 'ab', ID)
    utimesSync(path, new Date(0), new Date(0))

    expect(await engine.exists(ID)).toBe(true)
    clock.advance(HOUR + 1000)
    utimesSync(path, new Date(clock.now()), new Date(clock.now()))
    expect(await engine.exists(ID)).toBe(false)
  })

  it('may have a fraction', async () => {
    const engine = fileEngine({ directory: freshDirectory(), clock: fakeClock(1000) })
    await engine.create(ID, { data: '{}', expiresAt: 1000.5 })
    expect((await engine.load(ID))?.expiresAt).toBe(1000.5)
  })
})
