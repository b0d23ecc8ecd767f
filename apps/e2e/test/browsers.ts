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
  // Chromium cannot sandbox its processes if the tests run as root.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Launches a browser whose contexts share nothing. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions())
}

/** Launches a browser with a profile folder: after a restart, it has the same persistent cookies. */
export async function launchVisitorsBrowser(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, launchOptions())
}

/** Opens a page in a context of its own, which is closed after the test. */
export type OpenWindow = (options?: BrowserContextOptions) => Promise<Page>

/** Registers hooks that launch a browser for the tests of a file or of a `describe`. */
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

/** Creates a folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-e2e-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}
