import { expect } from 'vitest'
import { overHttp, type AdapterCase } from './context.ts'
import { expectKey, expectNewKey, expectUntouched } from './expectations.ts'

/** The path whose answer has these headers. Its handler also sets `k` in the session, unless `session` is false. */
function withHeaders(headers: readonly (readonly [string, string])[], session = true): string {
  const query = new URLSearchParams()
  for (const [name, value] of headers) query.append(name, value)
  if (session) query.append('key', 'k')
  return `/headers?${query.toString()}`
}

/** How session headers combine with those that the application sets. */
export const headers: readonly AdapterCase[] = overHttp('headers of the application', {
  'its Set-Cookie headers are kept, and the session cookie follows them': async ({ serve }) => {
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

  'its Set-Cookie headers are kept if the session is not touched': async ({ serve }) => {
    const answer = await (await serve()).send(withHeaders([['set-cookie', 'theme=dark']], false))

    expect(answer.lines('set-cookie'), 'Set-Cookie').toEqual(['theme=dark'])
    expect(answer.lines('vary'), 'Vary').toEqual([])
  },

  'its Set-Cookie for the name of the session cookie is replaced: one per name': async ({
    serve,
  }) => {
    const answer = await (await serve()).send(withHeaders([['set-cookie', 'sessionid=mine']]))

    expect(answer.lines('set-cookie'), 'Set-Cookie').toHaveLength(1)
    expectNewKey(answer, 'mine')
  },

  'Cookie is added to its Vary': async ({ serve }) => {
    const answer = await (await serve()).send(withHeaders([['vary', 'Accept-Encoding']]))

    expect(answer.list('vary'), 'Vary').toEqual(['accept-encoding', 'cookie'])
  },

  'Cookie is not added to a Vary that has it, in whatever case': async ({ serve }) => {
    const answer = await (await serve()).send(withHeaders([['vary', 'Accept, cookie']]))

    expect(answer.list('vary'), 'Vary').toEqual(['accept', 'cookie'])
  },

  'its Vary: * is kept as it is': async ({ serve }) => {
    const answer = await (await serve()).send(withHeaders([['vary', '*']]))

    expect(answer.list('vary'), 'Vary').toEqual(['*'])
  },

  'a session cookie comes with Cache-Control: no-cache="Set-Cookie"': async ({ serve }) => {
    const answer = await (await serve()).send(withHeaders([]))

    expectNewKey(answer)
    expect(answer.list('cache-control'), 'Cache-Control').toEqual(['no-cache="set-cookie"'])
  },

  'no-cache="Set-Cookie" is added to its Cache-Control': async ({ serve }) => {
    const answer = await (
      await serve()
    ).send(withHeaders([['cache-control', 'public, max-age=60']]))

    expect(answer.list('cache-control'), 'Cache-Control').toEqual([
      'public',
      'max-age=60',
      'no-cache="set-cookie"',
    ])
  },

  ...Object.fromEntries(
    ['private', 'no-store', 'max-age=0, private'].map((directive) => [
      `its Cache-Control: ${directive} is kept as it is`,
      async ({ serve }) => {
        const answer = await (await serve()).send(withHeaders([['cache-control', directive]]))

        expectNewKey(answer)
        expect(answer.lines('cache-control'), 'Cache-Control').toEqual([directive])
      },
    ]),
  ),

  'a read leaves Cache-Control alone': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    await visitor.get('/count')

    const answer = await visitor.get('/read')

    expect(answer.lines('cache-control'), 'Cache-Control').toEqual([])
    expect(answer.lines('vary').join().toLowerCase()).toBe('cookie')
  },

  'a deleted session cookie comes with Cache-Control: no-cache="Set-Cookie"': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    await visitor.get('/count')

    const answer = await visitor.post('/flush')

    expect(answer.list('cache-control'), 'Cache-Control').toEqual(['no-cache="set-cookie"'])
  },

  'an untouched session adds no header': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    expectKey(await visitor.get('/count'))

    expectUntouched(await visitor.get('/untouched'))
  },
})
