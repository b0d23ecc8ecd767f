import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { frameworks } from '../src/index.ts'
import { useDemo } from './served-demo.ts'
import { handleOn, visitor, type Visitor } from './visitor.ts'

/** How every demo uses its session. */
describe.each(frameworks)('the demo on $title', (framework) => {
  const demo = useDemo(framework)
  let ada: Visitor

  beforeEach(() => {
    ada = visitor(demo.url)
  })

  describe('the page', () => {
    it('counts visits', async () => {
      expect(await ada.open()).toContain('1 visit ')
      expect(await ada.open()).toContain('2 visits')
    })

    it('shows the handle of a new session', async () => {
      const first = handleOn(await ada.open())

      expect(first).toMatch(/^[0-9a-f]{16}$/)
      expect(handleOn(await ada.open())).toBe(first)
    })

    it('shows every key that the session holds, and when it expires', async () => {
      await ada.post('/note', { note: 'milk' })

      const page = await ada.open()

      expect(page).toContain('views 2')
      expect(page).toContain('note &#34;milk&#34;')
      expect(page).toContain('Expires in 14 days')
    })

    it('keeps two visitors apart', async () => {
      const bob = visitor(demo.url)
      await ada.post('/note', { note: 'milk' })

      expect(await bob.open()).not.toContain('milk')
    })

    it('counts each of ten concurrent visits', async () => {
      await ada.open()

      await Promise.all(Array.from({ length: 10 }, async () => ada.open()))

      expect(await ada.open()).toContain('12 visits')
    })

    it('is not cached', async () => {
      const response = await fetch(demo.url)

      expect(response.headers.get('cache-control')).toBe('no-store')
    })

    it('serves its stylesheet without a session', async () => {
      const response = await fetch(`${demo.url}/style.css`)

      expect(response.headers.get('content-type')).toContain('text/css')
      expect(response.headers.get('set-cookie')).toBeNull()
      expect(response.headers.get('vary')).toBeNull()
    })
  })

  describe('the note', () => {
    it('survives a restart of the server', async () => {
      await ada.post('/note', { note: 'milk' })
      await demo.restart()
      const later = visitor(demo.url)
      later.cookie = ada.cookie

      expect(await later.open()).toContain('milk')
    })

    it('is escaped', async () => {
      const page = await ada.post('/note', { note: `</textarea><script>alert("1" + '2')</script>` })

      expect(page).toContain('&#60;/textarea&#62;&#60;script&#62;alert(&#34;1&#34; + &#39;2&#39;)')
    })

    it('is truncated to 500 characters', async () => {
      const page = await ada.post('/note', { note: 'x'.repeat(600) })

      expect(page).toContain('x'.repeat(500))
      expect(page).not.toContain('x'.repeat(501))
    })

    it('is refused with 413 if the form is too large', async () => {
      // Nest logs such a form as an error.
      const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
      onTestFinished(() => log.mockRestore())
      await ada.post('/note', { note: 'milk' })

      expect(await ada.post('/note', { note: 'x'.repeat(20_000) })).toMatch(/^413 /)
      expect(await ada.open()).toContain('milk')
    })

    it('is deleted by an empty one', async () => {
      await ada.post('/note', { note: 'milk' })

      expect(await ada.post('/note', { note: ' ' })).toContain('Note deleted.')
      expect(await ada.open()).not.toContain('milk')
    })
  })

  describe('the lifetime', () => {
    it.each([
      ['remember', 'in 30 days', 'Max-Age=2592000'],
      ['short', 'in 5 minutes', 'Max-Age=300'],
      ['default', 'in 14 days', 'Max-Age=1209600'],
      ['unheard-of', 'in 14 days', 'Max-Age=1209600'],
    ])('%s expires %s', async (lifetime, expiry, maxAge) => {
      expect(await ada.post('/lifetime', { lifetime })).toContain(`Expires ${expiry}`)
      expect(ada.setCookie).toContain(maxAge)
    })

    it('browser sets a cookie without Max-Age and Expires', async () => {
      const page = await ada.post('/lifetime', { lifetime: 'browser' })

      expect(page).toContain('Expires when the browser closes')
      expect(ada.setCookie).not.toMatch(/Max-Age|Expires/)
    })

    it('default undoes another choice', async () => {
      await ada.post('/lifetime', { lifetime: 'short' })

      expect(await ada.post('/lifetime', { lifetime: 'default' })).toContain('Expires in 14 days')
    })
  })

  describe('rotating the key', () => {
    it('keeps the data under another handle', async () => {
      const before = handleOn(await ada.post('/note', { note: 'milk' }))
      const oldCookie = ada.cookie

      const page = await ada.post('/rotate')

      expect(page).toContain(`handle ${before} became ${handleOn(page)}`)
      expect(handleOn(page)).not.toBe(before)
      expect(page).toContain('milk')
      expect(ada.cookie).not.toBe(oldCookie)
    })
  })

  describe('clearing', () => {
    it('empties the data and keeps the key', async () => {
      const before = handleOn(await ada.post('/note', { note: 'milk' }))

      const page = await ada.post('/clear')

      expect(page).toContain('1 visit ')
      expect(page).not.toContain('milk')
      expect(handleOn(page)).toBe(before)
    })
  })

  describe('logging out', () => {
    it('deletes the session, also for another holder of its cookie', async () => {
      const before = handleOn(await ada.post('/note', { note: 'milk' }))
      const thief = visitor(demo.url)
      thief.cookie = ada.cookie

      const page = await ada.post('/logout')

      expect(page).toContain('Logged out')
      expect(page).toContain('1 visit ')
      expect(handleOn(page)).not.toBe(before)
      expect(await thief.open()).not.toContain('milk')
    })

    it('is reported only once', async () => {
      await ada.post('/logout')

      expect(await ada.open()).not.toContain('Logged out')
    })
  })
})
