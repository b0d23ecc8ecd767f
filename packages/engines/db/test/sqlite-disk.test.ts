import { chmodSync, chownSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sqliteEngine } from '../src/sqlite.ts'
import { drivers, testFile, type TestFile } from './drivers.ts'
import { record } from './server.ts'
import { worker, workerOnSmallDisk } from './workers.ts'

describe.each(drivers)('a disk under %s', (driver) => {
  let file: TestFile
  afterEach(() => file.remove())

  it('that is full makes writes fail, and keeps the stored sessions', async () => {
    file = testFile(driver)
    const folder = dirname(file.path)

    const answer = await workerOnSmallDisk(folder, driver, file.path, 'sessions', 'fill')

    const full: unknown = expect.stringMatching(/disk is full|disk I\/O error/)
    expect(answer).toEqual({
      tooMuch: full,
      kept: 'before',
      created: full,
      exists: false,
      little: 'saved',
    })
  })

  it('that is read-only makes writes fail, and lets sessions be read', async () => {
    file = testFile(driver)
    const folder = dirname(file.path)
    const engine = sqliteEngine(file.connect())
    await engine.migrate()
    await engine.create('id', record('before'))
    await engine.create('old', { data: 'old', expiresAt: 0 })
    const paths = [folder, ...readdirSync(folder).map((name) => join(folder, name))]
    for (const path of paths) {
      if (process.getuid?.() === 0) chownSync(path, 65_534, 65_534)
      chmodSync(path, 0o500)
    }

    const answer = await worker(driver, file.path, 'sessions', 'denied')
    for (const path of paths) chmodSync(path, 0o700)

    const denied: unknown = expect.stringMatching(/readonly database|unable to open database file/)
    expect(answer).toEqual({
      save: denied,
      touch: denied,
      delete: denied,
      create: denied,
      clearExpired: denied,
    })
    expect((await engine.load('id'))?.data).toBe('before')
  })
})
