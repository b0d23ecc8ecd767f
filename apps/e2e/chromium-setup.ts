import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { installDebian } from '../../scripts/services/debian.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where Chromium is. */
    chromium: string
  }
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Tells the tests where Chromium is, and installs it where it is missing and that is possible. */
export async function setup(project: TestProject): Promise<void> {
  let path = findChromium()
  if (path === undefined) {
    const needed =
      "The browser tests need Chromium: install it (Debian's package is chromium), or name it in SESSIONS_CHROMIUM."
    // Without any font, the pages would be empty boxes.
    await installDebian(['chromium', 'fonts-dejavu-core'], needed)
    path = findChromium()
    if (path === undefined) throw new Error(needed)
  }
  project.provide('chromium', path)
}

function findChromium(): string | undefined {
  const { SESSIONS_CHROMIUM: named, PATH = '' } = process.env
  if (named !== undefined && named !== '') return named
  const folders = [...PATH.split(delimiter), '/usr/bin']
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
