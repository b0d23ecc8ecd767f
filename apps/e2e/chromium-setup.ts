import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { installDebian } from '../../scripts/services/debian.ts'

/** Where Chromium is, or why there is none: the tests of a browser fail without it, those of other projects do not. */
export type FoundChromium = { readonly path: string } | { readonly reason: string }

declare module 'vitest' {
  export interface ProvidedContext {
    chromium: FoundChromium
  }
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const elsewhere = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

/** Tells the tests where Chromium is, and installs it where it is missing and that is possible. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('chromium', await chromium())
}

async function chromium(): Promise<FoundChromium> {
  const named = process.env['SESSIONS_CHROMIUM'] ?? ''
  if (named !== '') {
    if (isExecutable(named)) return { path: named }
    return { reason: `SESSIONS_CHROMIUM names ${named}, which is no program.` }
  }
  let path = findChromium()
  if (path !== undefined) return { path }
  const reason =
    "The browser tests need Chromium: install it (Debian's package is chromium), or name it in SESSIONS_CHROMIUM."
  try {
    // Without any font, the pages would be empty boxes.
    await installDebian(['chromium', 'fonts-dejavu-core'], reason)
    path = findChromium()
    return path === undefined ? { reason } : { path }
  } catch (error) {
    return { reason: error instanceof Error ? error.message : reason }
  }
}

function findChromium(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin']
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...paths, ...elsewhere].find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
