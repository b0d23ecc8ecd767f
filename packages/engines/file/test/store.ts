import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionRecord } from '@sessions/core'
import { onTestFinished } from 'vitest'
import { fileEngine, type FileEngine } from '../src/index.ts'

export const HOUR = 3_600_000

/** An id as core makes them. */
export const ID: string = 'ab'.repeat(32)

/** A record that lives for an hour. */
export function record(data: string): SessionRecord {
  return { data, expiresAt: Date.now() + HOUR }
}

/** A directory of its own below the system's temporary one. */
export interface TestDirectory {
  readonly path: string
  readonly remove: () => void
}

export function testDirectory(): TestDirectory {
  const path = mkdtempSync(join(tmpdir(), 'sessions-file-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A directory that is removed when the test ends. */
export function freshDirectory(): string {
  const { path, remove } = testDirectory()
  onTestFinished(remove)
  return path
}

/** The path of every file below a directory, relative to it. */
export function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
}

/** The same, without the files of lock owners. */
export function sessionFilesIn(directory: string): readonly string[] {
  return filesIn(directory).filter((name) => !name.startsWith('owner-'))
}

/** An engine with one record, and the path of the record's file. */
export async function stored(
  data = '{}',
): Promise<{ readonly engine: FileEngine; readonly directory: string; readonly path: string }> {
  const directory = freshDirectory()
  const engine = fileEngine({ directory })
  await engine.create(ID, record(data))
  return { engine, directory, path: join(directory, 'ab', ID) }
}
