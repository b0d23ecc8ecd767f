import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { temporaryFolder, useBrowser } from './browsers.ts'
import { press, visit, writeNote } from './pages.ts'
import { serveSite } from './site.ts'

const openWindow = useBrowser()

/** Two tabs of one browser. */
async function openTabs(): Promise<[Page, Page]> {
  const tab = await openWindow()
  return [tab, await tab.context().newPage()]
}

describe('two concurrent tabs', () => {
  it('keep the changes of both', async () => {
    const site = await serveSite(temporaryFolder())
    const [tab, otherTab] = await openTabs()
    await visit(tab, site.url('Hono'))
    await visit(otherTab, site.url('NestJS'))

    site.store.hold()
    const saving = writeNote(tab, 'milk')
    const setting = press(otherTab, 'Set test cookie')
    // Both requests have loaded the session, and neither has saved it.
    await site.store.reached(2)
    site.store.release()
    const [saved] = await Promise.all([saving, setting])

    expect(site.store.conflicts).toBeGreaterThan(0)
    const last = await visit(otherTab, site.url('Express'))
    expect(last).toMatchObject({ visits: 5, note: 'milk', handle: saved.handle })
    expect(await otherTab.getByText('It worked').count()).toBe(1)
  })

  it('do not revive a session after a logout in one of them', async () => {
    const site = await serveSite(temporaryFolder())
    const [tab, otherTab] = await openTabs()
    const { handle } = await visit(tab, site.url('Express'))
    await visit(otherTab, site.url('Koa'))

    site.store.hold()
    const answer = tab.waitForResponse((response) => response.request().method() === 'POST')
    await tab.getByLabel('Note').fill('milk')
    const saving = tab.getByRole('button', { name: 'Save note' }).click()
    await site.store.reached(1)
    const leaving = press(otherTab, 'Log out')
    // The session is deleted, and the first page of the new one is about to be saved.
    await site.store.reached(2)
    site.store.release()

    expect((await answer).status()).toBe(400)
    await saving
    const left = await leaving
    expect(left).toMatchObject({ visits: 1, note: '' })
    expect(left.handle).not.toBe(handle)
    expect(await visit(tab, site.url('Hono'))).toMatchObject({ note: '', handle: left.handle })
  })
})
