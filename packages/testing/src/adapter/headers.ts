import { expect } from 'vitest'
import { overHttp, type AdapterCase } from './context.ts'
import { expectKey, expectNewKey, expectUntouched } from './expectations.ts'

/** A path whose answer has those headers, after setting `k` in the session unless told otherwise. */
function withHeaders(headers: readonly (readonly [string, string])[], session = true): string {
  const query = new URLSearchParams()
  for (const [name, value] of headers) query.append(name, value)
  if (session) query.append('key', 'k')
  return `/headers?${query.toString()}`
}

/** What becomes of the headers that the application sets itself. */
export const headers: readonly AdapterCase[] = overHttp('headers of the application', {
  'its own cookies survive beside the session cookie': async ({ serve }) => {
    const app = await serve()

    const answer = await app.send(
      withHeaders([
        ['set-cookie', 'theme=dark; Path=/'],
        ['set-cookie', 'lang=en; Max-Age=60'],
      ]),
    )

    const [first, second, third] = answer.lines('set-cookie')
    expect([first, second]).toEqual(['theme=dark; Path=/', 'lang=en; Max-Age=60'])
    expect(third).toMatch(/^sessionid=/)
  },

  'its own cookies survive where the session is not touched': async ({ serve }) => {
    const answer = await (await serve()).send(withHeaders([['set-cookie', 'theme=dark']], false))

    expect(answer.lines('set-cookie')).toEqual(['theme=dark'])
    expect(answer.lines('vary')).toEqual([])
  },

  'a cookie of the session cookie’s name is replaced: one Set-Cookie per name': async ({
    serve,
  }) => {
    const answer = await (await serve()).send(withHeaders([['set-cookie', 'sessionid=mine']]))

    expect(answer.lines('set-cookie')).toHaveLength(1)
    expectNewKey(answer, 'mine')
  },

  'its Vary is added to': async ({ serve }) => {
    const answer = await (await serve()).send(withHeaders([['vary', 'Accept-Encoding']]))

    expect(answer.list('vary')).toEqual(['accept-encoding', 'cookie'])
  },

  'its Vary: Cookie is not doubled, in whatever case': async ({ serve }) => {
    const answer = await (await serve()).send(withHeaders([['vary', 'Accept, cookie']]))

    expect(answer.list('vary')).toEqual(['accept', 'cookie'])
  },

  'its Vary: * stays': async ({ serve }) => {
    const answer = await (await serve()).send(withHeaders([['vary', '*']]))

    expect(answer.list('vary')).toEqual(['*'])
  },

  'shared caches are told to leave the session cookie out': async ({ serve }) => {
    const answer = await (await serve()).send(withHeaders([]))

    expectNewKey(answer)
    expect(answer.list('cache-control')).toEqual(['no-cache="set-cookie"'])
  },

  'its Cache-Control is added to': async ({ serve }) => {
    const answer = await (
      await serve()
    ).send(withHeaders([['cache-control', 'public, max-age=60']]))

    expect(answer.list('cache-control')).toEqual(['public', 'max-age=60', 'no-cache="set-cookie"'])
  },

  ...Object.fromEntries(
    ['private', 'no-store', 'max-age=0, private'].map((directive) => [
      `its Cache-Control: ${directive} is enough`,
      async ({ serve }) => {
        const answer = await (await serve()).send(withHeaders([['cache-control', directive]]))

        expectNewKey(answer)
        expect(answer.lines('cache-control')).toEqual([directive])
      },
    ]),
  ),

  'a read leaves Cache-Control alone': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    await visitor.get('/count')

    const answer = await visitor.get('/read')

    expect(answer.lines('cache-control')).toEqual([])
    expect(answer.lines('vary').join().toLowerCase()).toBe('cookie')
  },

  'a deleted session cookie is no business of shared caches either': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    await visitor.get('/count')

    const answer = await visitor.post('/flush')

    expect(answer.list('cache-control')).toEqual(['no-cache="set-cookie"'])
  },

  'an untouched session adds nothing': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    expectKey(await visitor.get('/count'))

    expectUntouched(await visitor.get('/untouched'))
  },
})
