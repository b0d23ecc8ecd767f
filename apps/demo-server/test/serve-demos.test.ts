import { memoryEngine } from '@sessions/memory'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { frameworks, serveDemos, type ServedDemos } from '../src/index.ts'
import { handleOn, visitor } from './visitor.ts'

const options = {
  engine: memoryEngine(),
  store: 'the memory of the tests',
  hostname: '127.0.0.1',
  port: 0,
}

let served: ServedDemos

beforeAll(async () => {
  served = await serveDemos(options)
})

afterAll(async () => {
  await served.close()
})

const urlOf = (title: string): string =>
  served.places.find((place) => place.title === title)?.url ?? 'http://unknown.invalid'

describe('the overview', () => {
  it('links to every demo, under the host name that the visitor used', async () => {
    const { port } = new URL(urlOf('Overview'))
    const page = await (await fetch(`http://127.0.0.1:${port}/`)).text()

    for (const { title } of frameworks) {
      const href = `http://127.0.0.1:${new URL(urlOf(title)).port}/`
      expect(page).toContain(`href="${href}"`)
    }
    expect(page).toContain('the memory of the tests')
  })

  it('serves its stylesheet, and 404 for other paths', async () => {
    const style = await fetch(`${urlOf('Overview')}/style.css`)

    expect(style.headers.get('content-type')).toContain('text/css')
    expect((await fetch(`${urlOf('Overview')}/elsewhere`)).status).toBe(404)
  })

  it('is omitted if a single demo is served', async () => {
    const alone = await serveDemos({ ...options, frameworks: frameworks.slice(0, 1) })

    expect(alone.places.map(({ title }) => title)).toEqual(['Hono'])
    await alone.close()
  })
})

describe('a visitor', () => {
  it('has the same session on all frameworks', async () => {
    const ada = visitor(urlOf('Hono'))
    const before = handleOn(await ada.post('/note', { note: 'milk' }))

    for (const { title } of frameworks) {
      ada.url = urlOf(title)
      const page = await ada.open()
      expect(page).toContain(`A session on ${title}`)
      expect(page).toContain('milk')
      expect(handleOn(page)).toBe(before)
    }
  })

  it('finds links from each demo to the others', async () => {
    for (const { title } of frameworks) {
      const page = await (await fetch(urlOf(title))).text()

      for (const other of frameworks) {
        expect(page).toContain(`href="${urlOf(other.title)}/"`)
      }
    }
  })
})

describe('closing', () => {
  it('does not wait for idle connections', async () => {
    const demos = await serveDemos(options)
    await Promise.all(demos.places.map(({ url }) => fetch(url)))

    await demos.close()

    await expect(fetch(demos.places[0]?.url ?? '')).rejects.toThrow('fetch failed')
  })
})
