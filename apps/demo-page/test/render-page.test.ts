import { describe, expect, it } from 'vitest'
import { renderOverview, renderPage, type PageModel } from '../src/index.ts'

const model: PageModel = {
  framework: 'Hono',
  views: 3,
  note: '',
  entries: [['views', 3]],
  handle: '0123456789abcdef',
  expires: new Date('2026-12-06T12:30:00Z'),
  age: 14 * 24 * 60 * 60,
  atBrowserClose: false,
  testCookieWorked: false,
  notice: undefined,
  cookiesBlocked: false,
  links: [],
}

const links = [
  { framework: 'Hono', href: 'http://localhost:3001/' },
  { framework: 'Koa', href: 'http://localhost:3002/' },
]

describe('renderPage', () => {
  it('names the framework that serves it', () => {
    expect(renderPage({ ...model, framework: 'Koa' })).toContain('<title>A session on Koa</title>')
  })

  it('preserves a line feed at the beginning of a note', () => {
    expect(renderPage({ ...model, note: '\nmilk' })).toContain('>\n\nmilk</textarea')
  })

  it('escapes keys and values', () => {
    const page = renderPage({ ...model, entries: [['<key>', { value: '<i>' }]] })

    expect(page).toContain('&#60;key&#62;')
    expect(page).toContain('{&#34;value&#34;:&#34;&#60;i&#62;&#34;}')
  })

  it('shows when the session expires, as a duration and as a date', () => {
    const page = renderPage({ ...model, age: 90 * 60 })

    expect(page).toContain('in 2 hours')
    expect(page).toContain('6 December 2026 at 12:30 UTC')
  })

  it.each([
    [14 * 24 * 60 * 60, 'default'],
    [30 * 24 * 60 * 60, 'remember'],
    [300, 'short'],
  ])('marks the chosen lifetime of %s seconds', (age, name) => {
    const page = renderPage({ ...model, age })

    expect(page).toMatch(new RegExp(`value="${name}"\\s+aria-current="true"`))
    expect(page.match(/aria-current="true"/g)).toHaveLength(1)
  })

  it('loads nothing from elsewhere and runs no script', () => {
    const page = renderPage(model)

    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
    expect(page).toContain('default-src &#39;none&#39;')
  })

  it('labels every field', () => {
    expect(renderPage(model)).toContain('<label for="note">')
  })

  it('links to the other frameworks, and marks the current one', () => {
    const page = renderPage({ ...model, links })

    expect(page).toMatch(/href="http:\/\/localhost:3001\/" aria-current="page"\s*>Hono</)
    expect(page).toMatch(/href="http:\/\/localhost:3002\/" aria-current="false"\s*>Koa</)
  })

  it('has no links if there is only one framework', () => {
    expect(renderPage({ ...model, links: links.slice(0, 1) })).not.toContain('<nav')
  })
})

describe('renderOverview', () => {
  it('links to each framework, and says where the sessions are stored', () => {
    const page = renderOverview({ links, store: 'a <file>' })

    expect(page).toContain('One session, two frameworks')
    expect(page).toContain('<a class="card" href="http://localhost:3002/">')
    expect(page).toContain('The sessions are stored in a &#60;file&#62;.')
  })
})
