import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type LaunchOptions,
  type Page,
} from 'playwright-core'
import { beforeAll, inject, onTestFinished } from 'vitest'

function launchOptions(): LaunchOptions {
  const found = inject('chromium')
  if ('reason' in found) throw new Error(found.reason)
  return { executablePath: found.path, args }
}

const args = [
  '--headless',
  // Tests may be run by root, whose processes Chromium cannot put into a sandbox.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A browser whose windows share nothing. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions())
}

/** A browser of a visitor that keeps what it knows in a folder, as browsers do: closed and opened again, it is the same. */
export async function launchVisitorsBrowser(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, launchOptions())
}

/** Opens a window that shares nothing with the others of its browser, until the test is done. */
export type OpenWindow = (options?: BrowserContextOptions) => Promise<Page>

/** Launches a browser for the tests of a file or of a `describe`. */
export function useBrowser(): OpenWindow {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
    return () => browser.close()
  })
  return async (options = {}) => {
    const context = await browser.newContext(options)
    onTestFinished(() => context.close())
    return context.newPage()
  }
}

/** A folder that goes when the test is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-e2e-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}
