import type { TestProject } from 'vitest/node'
import { installDebian } from '../../scripts/services/debian.ts'
import { findExecutable, isExecutable } from '../../scripts/services/executables.ts'

/** The path of Chromium, or why there is none. Provided to the tests, so that only those that need a browser fail. */
export type FoundChromium = { readonly path: string } | { readonly reason: string }

declare module 'vitest' {
  export interface ProvidedContext {
    chromium: FoundChromium
  }
}

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'Google Chrome',
]
const folders = ['/usr/bin', '/Applications/Google Chrome.app/Contents/MacOS']

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
  let path = findExecutable(names, folders)
  if (path !== undefined) return { path }
  const reason =
    'Chromium was not found: install it (the Debian package is chromium), or set SESSIONS_CHROMIUM to its path.'
  try {
    // Without a font, Chromium renders empty boxes.
    await installDebian(['chromium', 'fonts-dejavu-core'], reason)
    path = findExecutable(names, folders)
    return path === undefined ? { reason } : { path }
  } catch (error) {
    return { reason: error instanceof Error ? error.message : reason }
  }
}
