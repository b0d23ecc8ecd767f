import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

/** The content of a demo page. */
export interface Reading {
  readonly framework: string
  readonly visits: number
  readonly handle: string
  readonly note: string
  /** The message at the top of the page; empty if there is none. */
  readonly message: string
}

/** Opens a page and reads it. */
export async function visit(page: Page, url: string): Promise<Reading> {
  await page.goto(url)
  return read(page)
}

/** Presses a button and reads the next page. */
export async function press(page: Page, button: string): Promise<Reading> {
  await untilLoaded(page, () => page.getByRole('button', { name: button }).click())
  return read(page)
}

/** Follows a link and reads the next page. */
export async function follow(page: Page, link: string): Promise<Reading> {
  await untilLoaded(page, () => page.getByRole('link', { name: link }).click())
  return read(page)
}

/** Writes a note and saves it. */
export async function writeNote(page: Page, note: string): Promise<Reading> {
  await page.getByLabel('Note').fill(note)
  return press(page, 'Save note')
}

/** Reads the current page. */
async function read(page: Page): Promise<Reading> {
  const message = page.locator('.message')
  return {
    framework: (await page.title()).replace('A session on ', ''),
    visits: Number(await page.locator('h1 .count').textContent()),
    handle: (await page.locator('header dd code').textContent()) ?? '',
    note: await page.getByLabel('Note').inputValue(),
    message: (await message.count()) === 0 ? '' : await message.innerText(),
  }
}

/** Saves a screenshot of the whole page in the folder `screenshots`. */
export async function shoot(page: Page, name: string): Promise<void> {
  const path = fileURLToPath(new URL(`../screenshots/${name}.png`, import.meta.url))
  await page.screenshot({ path, fullPage: true })
}

async function untilLoaded(page: Page, act: () => Promise<void>): Promise<void> {
  const loaded = page.waitForEvent('load')
  await act()
  await loaded
}
