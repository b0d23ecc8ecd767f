import type { BrowserContextOptions, Page } from 'playwright-core'
import { frameworks } from 'demo-server'
import { describe, expect, it } from 'vitest'
import { temporaryFolder, useBrowser } from './browsers.ts'
import { press, shoot, visit, writeNote } from './pages.ts'
import { serveSite } from './site.ts'

const openWindow = useBrowser()

const screens: Readonly<Record<string, BrowserContextOptions>> = {
  desktop: { viewport: { width: 1280, height: 900 } },
  'desktop-dark': { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  tablet: { viewport: { width: 768, height: 1024 } },
  phone: { viewport: { width: 320, height: 640 } },
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth')

describe.each(Object.entries(screens))('on a %s screen', (screen, options) => {
  it('every page fits the width, and the browser logs no error', async () => {
    const site = await serveSite(temporaryFolder())
    const page = await openWindow(options)
    const errors: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })

    await page.goto(site.url('Overview'))
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await shoot(page, `${screen}-overview`)

    for (const { title } of frameworks) await visit(page, site.url(title))
    await writeNote(page, `Buy milk.\n\nA word of many letters: ${'x'.repeat(120)}`)
    await press(page, 'Remember me')
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await shoot(page, `${screen}-page`)
    // The browser logs blocked resources as errors.
    expect(errors).toEqual([])
  })
})
