import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Cookie, Page } from 'playwright-core'
import { frameworks } from 'demo-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { launchVisitorsBrowser, temporaryFolder, useBrowser } from './browsers.ts'
import { press, shoot, visit, writeNote } from './pages.ts'
import { serveSite } from './site.ts'

/** Opens a browser with this profile; it is closed after the test. */
async function openBrowser(profile: string): Promise<BrowserContext> {
  const browser = await launchVisitorsBrowser(profile)
  onTestFinished(() => browser.close())
  return browser
}

const firstPage = (browser: BrowserContext): Promise<Page> =>
  Promise.resolve(browser.pages()[0] ?? browser.newPage())

const sessionCookie = async (browser: BrowserContext): Promise<Cookie | undefined> =>
  (await browser.cookies()).find(({ name }) => name === 'sessionid')

describe('closing the browser', () => {
  it('ends a session with the lifetime "browser", and no other', async () => {
    const site = await serveSite(temporaryFolder())
    const profile = temporaryFolder()

    let browser = await openBrowser(profile)
    let page = await firstPage(browser)
    const first = await visit(page, site.url('Hono'))
    await writeNote(page, 'milk')
    await browser.close()

    browser = await openBrowser(profile)
    page = await firstPage(browser)
    const again = await visit(page, site.url('Koa'))
    expect(again).toMatchObject({ visits: 3, note: 'milk', handle: first.handle })
    const chosen = await press(page, 'Browser close')
    expect(chosen.message).toContain('expires when the browser closes')
    expect(await sessionCookie(browser)).toMatchObject({ expires: -1, httpOnly: true })
    await browser.close()

    browser = await openBrowser(profile)
    page = await firstPage(browser)
    const later = await visit(page, site.url('Express'))
    expect(later).toMatchObject({ visits: 1, note: '' })
    expect(later.handle).not.toBe(first.handle)
  })
})

describe('a browser that blocks cookies', () => {
  it('is told so by every framework', async () => {
    const site = await serveSite(temporaryFolder())
    const profile = temporaryFolder()
    mkdirSync(join(profile, 'Default'))
    writeFileSync(
      join(profile, 'Default', 'Preferences'),
      JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }),
    )
    const browser = await openBrowser(profile)
    const page = await firstPage(browser)

    for (const { title } of frameworks) {
      expect(await visit(page, site.url(title))).toMatchObject({ visits: 1, message: '' })
      const reading = await writeNote(page, 'milk')
      expect(reading).toMatchObject({ framework: title, visits: 1, note: '' })
      expect(reading.message).toContain('Your browser blocks cookies for this page.')
    }
    expect(await browser.cookies()).toEqual([])
    await shoot(page, 'cookies-blocked')
  })
})

describe('a cookie that was tampered with', () => {
  const openWindow = useBrowser()

  const changes = {
    'in one letter': (key: string) => (key.startsWith('a') ? 'b' : 'a') + key.slice(1),
    'to no key at all': () => '../../etc/passwd',
    'to a well-formed key that no session has': () => '0123456789abcdefghijklmnopqrstuv',
  }

  it.each(Object.entries(changes))(
    '%s leads to a new session under a new key',
    async (_, change) => {
      const site = await serveSite(temporaryFolder())
      const page = await openWindow()
      const browser = page.context()
      const { handle } = await visit(page, site.url('Hono'))
      await writeNote(page, 'milk')
      const cookie = await sessionCookie(browser)
      if (cookie === undefined) throw new Error('The demo did not set a session cookie.')
      const tampered = change(cookie.value)
      await browser.addCookies([{ ...cookie, value: tampered }])

      const reading = await visit(page, site.url('Koa'))

      expect(reading).toMatchObject({ visits: 1, note: '' })
      expect(reading.handle).not.toBe(handle)
      const renewed = await sessionCookie(browser)
      expect([cookie.value, tampered]).not.toContain(renewed?.value)
      await browser.addCookies([cookie])
      expect(await visit(page, site.url('Hono'))).toMatchObject({ note: 'milk', handle })
    },
  )
})
