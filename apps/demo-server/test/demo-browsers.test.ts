import { beforeEach, describe, expect, it } from 'vitest'
import { frameworks } from '../src/index.ts'
import { useDemo } from './served-demo.ts'
import { visitor, type Visitor } from './visitor.ts'

/** How every demo treats different browsers. */
describe.each(frameworks)('the demo on $title', (framework) => {
  const demo = useDemo(framework)
  let ada: Visitor

  beforeEach(() => {
    ada = visitor(demo.url)
  })

  describe('the test cookie', () => {
    it('is set, works and is deleted', async () => {
      expect(await ada.open()).toContain('Not set.')
      expect(await ada.post('/test-cookie/set')).toContain('It worked')
      expect(await ada.post('/test-cookie/delete')).toContain('Not set.')
    })
  })

  describe('a visitor whose browser blocks cookies', () => {
    it.each(['/note', '/lifetime', '/rotate', '/clear', '/logout', '/test-cookie/set'])(
      'is told so after POST %s',
      async (path) => {
        const eve = visitor(demo.url, { cookies: false })
        await eve.open()

        expect(await eve.post(path)).toContain('Your browser blocks cookies')
      },
    )

    it('is not suspected if the cookie has only expired', async () => {
      await ada.open()
      ada.cookie = undefined

      expect(await ada.post('/note', { note: 'milk' })).not.toContain('Your browser blocks cookies')
    })
  })

  describe('a form submitted', () => {
    const forms = {
      'by the page itself': ['same-origin', 'here'],
      'by the page itself, with Origin alone': [undefined, 'here'],
      'by the page itself, with Sec-Fetch-Site alone': ['same-origin', undefined],
      'by a page on another port': ['same-site', 'http://localhost:1'],
      'by another site': ['cross-site', 'https://elsewhere.example'],
      'by another site, with Origin alone': [undefined, 'https://elsewhere.example'],
      'without Origin and Sec-Fetch-Site': [undefined, undefined],
      'by a page with an opaque origin': ['cross-site', 'null'],
    } as const

    it.each(Object.entries(forms))(
      '%s: accepted from the page itself, else 403',
      async (from, [site, origin]) => {
        await ada.post('/note', { note: 'milk' })
        const headers = new Headers({ Cookie: ada.cookie ?? '' })
        if (site !== undefined) headers.set('Sec-Fetch-Site', site)
        if (origin !== undefined) headers.set('Origin', origin === 'here' ? demo.url : origin)

        const body = new URLSearchParams({ note: 'sold' })
        const response = await fetch(`${demo.url}/note`, {
          method: 'POST',
          headers,
          body,
          redirect: 'manual',
        })

        const isOwn = from.startsWith('by the page itself')
        expect(response.status).toBe(isOwn ? 303 : 403)
        expect(await ada.open()).toContain(isOwn ? 'sold' : 'milk')
      },
    )
  })
})
