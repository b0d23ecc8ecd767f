import { execFileSync } from 'node:child_process'
import {
  existsSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createSessions, type SessionEvent } from '@sessions/core'
import { describe, expect, it } from 'vitest'
import { fileEngine } from '../src/index.ts'
import { filesIn, freshDirectory, HOUR, ID, record, sessionFilesIn, stored } from './store.ts'

const DAY = 24 * HOUR

describe('a damaged session file', () => {
  const damages: Readonly<Record<string, (path: string) => void>> = {
    'that is empty': (path) => truncateSync(path),
    'that is truncated': (path) => truncateSync(path, statSync(path).size - 1),
    'that is truncated in its first line': (path) => truncateSync(path, 20),
    'full of NUL bytes': (path) => writeFileSync(path, Buffer.alloc(statSync(path).size)),
    'with NUL bytes at its end': (path) => {
      const bytes = readFileSync(path)
      writeFileSync(path, bytes.fill(0, bytes.length - 5))
    },
    'that has grown': (path) => writeFileSync(path, ' ', { flag: 'a' }),
    'that is not UTF-8': (path) => {
      const bytes = readFileSync(path)
      writeFileSync(path, bytes.fill(0xff, bytes.length - 5))
    },
    'that another program wrote': (path) => writeFileSync(path, '{"user":"somebody else"}'),
    'with a deadline that is not a number': (path) => {
      writeFileSync(path, readFileSync(path, 'utf8').replace(/ \d+ /, ' never '))
    },
    'that is a symlink': (path) => {
      const other = `${path}.other`
      execFileSync('mv', [path, other])
      symlinkSync(other, path)
    },
    'that is a symlink to nothing': (path) => {
      execFileSync('rm', [path])
      symlinkSync('/nonexistent/file', path)
    },
    'that is a pipe': (path) => {
      execFileSync('rm', [path])
      execFileSync('mkfifo', [path])
    },
  }

  it.each(Object.entries(damages))(
    '%s loads as an empty session under the same key, and is reported as suspicious',
    async (_, damage) => {
      const directory = freshDirectory()
      const events: SessionEvent[] = []
      const manager = createSessions<{ user: string }>({
        engine: fileEngine({ directory }),
        onEvent: (event) => events.push(event),
      })
      const session = manager.open()
      session.set('user', 'ada')
      await session.save()
      const { sessionKey = '' } = session
      const [file = ''] = sessionFilesIn(directory)
      damage(join(directory, file))

      const damaged = await manager.open(sessionKey).load()
      expect(damaged.toObject()).toEqual({})
      expect(damaged.sessionKey).toBe(sessionKey)
      expect(events.map(({ type }) => type)).toEqual(['created', 'suspicious'])

      damaged.set('user', 'grace')
      await damaged.save()
      expect((await manager.open(sessionKey).load()).get('user')).toBe('grace')
      expect(statSync(join(directory, file)).isFile()).toBe(true)
    },
  )

  it('has a version, with which a save can replace it once', async () => {
    const { engine, path } = await stored()
    writeFileSync(path, 'damaged')
    const loaded = await engine.load(ID)

    expect(await engine.exists(ID)).toBe(true)
    expect(await engine.create(ID, record('{}'))).toEqual({ status: 'taken' })
    expect(await engine.touch(ID, record('{}'), loaded?.version)).toEqual({ status: 'conflict' })
    expect((await engine.save(ID, record('new'), loaded?.version)).status).toBe('saved')
    expect(await engine.save(ID, record('new'), loaded?.version)).toEqual({ status: 'conflict' })
  })

  it('is purged two weeks after it was written', async () => {
    const { engine, path } = await stored()
    writeFileSync(path, 'damaged')

    utimesSync(path, new Date(), new Date(Date.now() - 14 * DAY + HOUR))
    expect(await engine.clearExpired({})).toBe(0)
    utimesSync(path, new Date(), new Date(Date.now() - 14 * DAY - HOUR))
    expect(await engine.load(ID)).toBeUndefined()
    expect(await engine.clearExpired({})).toBe(1)
    expect(existsSync(path)).toBe(false)
  })
})

describe('a planted symlink', () => {
  it('in place of a session file is replaced, and its target is not touched', async () => {
    const { engine, path } = await stored()
    const target = `${freshDirectory()}/target`
    writeFileSync(target, readFileSync(path))
    execFileSync('ln', ['-sf', target, path])
    const before = readFileSync(target, 'utf8')

    expect((await engine.load(ID))?.data).not.toBe('{}')
    expect((await engine.save(ID, record('saved'))).status).toBe('saved')

    expect(readFileSync(target, 'utf8')).toBe(before)
    expect((await engine.load(ID))?.data).toBe('saved')
    execFileSync('ln', ['-sf', target, path])
    expect(await engine.delete(ID)).toBe('deleted')
    expect(existsSync(target)).toBe(true)
  })

  it('in place of a folder makes calls reject, and clearExpired does not follow it', async () => {
    const other = await stored()
    await other.engine.save(ID, { data: 'expired', expiresAt: 0 })
    const before = filesIn(other.directory)
    const directory = freshDirectory()
    symlinkSync(join(other.directory, 'ab'), join(directory, 'ab'))
    const engine = fileEngine({ directory })

    await expect(engine.create(ID, record('{}'))).rejects.toThrow(/symlink, which is not followed/)
    await expect(engine.load(ID)).rejects.toThrow(/symlink, which is not followed/)
    await expect(engine.save(ID, record('{}'))).rejects.toThrow(/symlink, which is not followed/)
    expect(await engine.clearExpired({})).toBe(0)
    expect(filesIn(other.directory)).toEqual(before)
  })
})
