import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { installDebian } from '../../scripts/services/debian.ts'

/** The path of Chromium, or why there is none. Provided to the tests, so that only those that need a browser fail. */
export type FoundChromium = { readonly path: string } | { readonly reason: string }

declare module 'vitest' {
  export interface ProvidedContext {
    chromium: FoundChromium
  }
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const otherPaths = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

/** Provides the path of Chromium to the tests; installs it if it is missing and can be installed. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('chromium', await chromium())
}

async function chromium(): Promise<FoundChromium> {
  const named = process.env['SESSIONS_CHROMIUM'] ?? ''
  if (named !== '') {
    if (isExecutable(named)) return { path: named }
    return {
      reason: `SESSIONS_CHROMIUM is ${named}, which is not an executable file: set it to the path of Chromium.`,
    }
  }
  let path = findChromium()
  if (path !== undefined) return { path }
  const reason =
    'Chromium was not found: install it (the Debian package is chromium), or set SESSIONS_CHROMIUM to its path.'
  try {
    // Without a font, Chromium renders empty boxes.
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
  return [...paths, ...otherPaths].find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
