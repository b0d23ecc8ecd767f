import { describe, expect, it, onTestFinished } from 'vitest'
import { launchBrowser, temporaryFolder, useBrowser } from './browsers.ts'
import { follow, press, shoot, visit, writeNote } from './pages.ts'
import { serveSite } from './site.ts'

const openWindow = useBrowser()

describe('a visitor', () => {
  it('keeps one session over four frameworks: a note in the first, a rotation in the third, a logout in the last', async () => {
    const site = await serveSite(temporaryFolder())
    const page = await openWindow()

    await page.goto(site.url('Overview'))
    const first = await follow(page, 'Hono')
    expect(first).toMatchObject({ framework: 'Hono', visits: 1 })
    const written = await writeNote(page, 'milk')
    expect(written).toMatchObject({ visits: 2, note: 'milk', message: 'Note saved.' })

    const inKoa = await follow(page, 'Koa')
    expect(inKoa).toMatchObject({ framework: 'Koa', visits: 3, note: 'milk' })
    expect(inKoa.handle).toBe(first.handle)

    await follow(page, 'Express')
    const rotated = await press(page, 'Rotate key')
    expect(rotated).toMatchObject({ framework: 'Express', visits: 5, note: 'milk' })
    expect(rotated.handle).not.toBe(first.handle)
    expect(rotated.message).toContain(`handle ${first.handle} became ${rotated.handle}`)
    await shoot(page, 'rotated')

    const inNest = await follow(page, 'NestJS')
    expect(inNest).toMatchObject({ visits: 6, note: 'milk', handle: rotated.handle })
    const out = await press(page, 'Log out')
    expect(out).toMatchObject({ visits: 1, note: '' })
    expect(out.message).toContain('Logged out')
    expect([first.handle, rotated.handle]).not.toContain(out.handle)

    expect(await follow(page, 'Hono')).toMatchObject({ visits: 2, note: '', handle: out.handle })
  })

  it('does not share a session with another browser', async () => {
    const site = await serveSite(temporaryFolder())
    const elsewhere = await launchBrowser()
    onTestFinished(() => elsewhere.close())
    const [ada, bob] = [await openWindow(), await elsewhere.newPage()]

    const adas = await visit(ada, site.url('Hono'))
    await writeNote(ada, 'milk')
    const bobs = await visit(bob, site.url('Koa'))
    expect(bobs).toMatchObject({ visits: 1, note: '' })
    expect(bobs.handle).not.toBe(adas.handle)
    await writeNote(bob, 'bread')
    await press(bob, 'Log out')

    expect(await visit(ada, site.url('Koa'))).toMatchObject({ note: 'milk', handle: adas.handle })
  })

  it('finds the note again after a restart of the server', async () => {
    const folder = temporaryFolder()
    const page = await openWindow()
    const before = await serveSite(folder)
    const { handle } = await visit(page, before.url('Express'))
    await writeNote(page, 'milk')
    await before.close()

    const after = await serveSite(folder)

    const reading = await visit(page, after.url('Hono'))
    expect(reading).toMatchObject({ visits: 3, note: 'milk', handle })
  })

  it('can use every form without JavaScript', async () => {
    const site = await serveSite(temporaryFolder())
    const page = await openWindow({ javaScriptEnabled: false })

    await page.goto(site.url('Overview'))
    await follow(page, 'Koa')
    expect(await writeNote(page, 'milk')).toMatchObject({ note: 'milk', message: 'Note saved.' })
    expect((await press(page, 'Five minutes')).message).toContain('expires in 5 minutes')
    expect((await press(page, 'Rotate key')).message).toContain('Key rotated')
    await press(page, 'Set test cookie')
    await page.getByText('It worked').waitFor()
    expect((await press(page, 'Clear')).message).toContain('Cleared')
    expect((await press(page, 'Log out')).message).toContain('Logged out')
  })
})
