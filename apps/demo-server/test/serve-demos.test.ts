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
  it('leads to every demo, under the name by which the visitor came', async () => {
    const { port } = new URL(urlOf('Overview'))
    const page = await (await fetch(`http://127.0.0.1:${port}/`)).text()

    for (const { title } of frameworks) {
      const href = `http://127.0.0.1:${new URL(urlOf(title)).port}/`
      expect(page).toContain(`href="${href}"`)
    }
    expect(page).toContain('the memory of the tests')
  })

  it('has the style of the demos, and nothing else', async () => {
    const style = await fetch(`${urlOf('Overview')}/style.css`)

    expect(style.headers.get('content-type')).toContain('text/css')
    expect((await fetch(`${urlOf('Overview')}/elsewhere`)).status).toBe(404)
  })

  it('is left out where one demo is served alone', async () => {
    const alone = await serveDemos({ ...options, frameworks: frameworks.slice(0, 1) })

    expect(alone.places.map(({ title }) => title)).toEqual(['Hono'])
    await alone.close()
  })
})

describe('a visitor', () => {
  it('keeps one session on the way through all frameworks', async () => {
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

  it('is led from each demo to the others', async () => {
    for (const { title } of frameworks) {
      const page = await (await fetch(urlOf(title))).text()

      for (const other of frameworks) {
        expect(page).toContain(`href="${urlOf(other.title)}/"`)
      }
    }
  })
})

describe('closing', () => {
  it('ends with connections still open on which nothing was asked', async () => {
    const demos = await serveDemos(options)
    await Promise.all(demos.places.map(({ url }) => fetch(url)))

    await demos.close()

    await expect(fetch(demos.places[0]?.url ?? '')).rejects.toThrow('fetch failed')
  })
})
