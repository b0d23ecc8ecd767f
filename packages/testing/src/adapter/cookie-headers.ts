import { connect } from 'node:net'
import { expect } from 'vitest'
import { inProcess, overHttp, type AdapterCase } from './context.ts'
import { expectUntouched, UNKNOWN_KEY } from './expectations.ts'

const KEY = UNKNOWN_KEY

/** Cookie headers without a well-formed key, by what is wrong with them. */
const malformed: Readonly<Record<string, string>> = {
  'an empty value': 'sessionid=',
  'a cookie without a value': 'sessionid',
  'a key that is too short': `sessionid=${KEY.slice(1)}`,
  'a key that is too long': `sessionid=${KEY}0`,
  'upper case': `sessionid=${KEY.toUpperCase()}`,
  'other characters': `sessionid=../${KEY.slice(3)}`,
  'characters outside ASCII': `sessionid=${KEY.slice(1)}\u00e9`,
  'broken percent-encoding': 'sessionid=%E0%A4%A; other=%ZZ',
  'a value of 64 KB': `sessionid=${'a'.repeat(65_536)}`,
  'a thousand cookies': Array.from({ length: 1000 }, (_, index) => `c${index}=${index}`).join('; '),
  'a thousand malformed session cookies': 'sessionid=x; '.repeat(1000),
  'nothing but separators': ';;; , ; =; ==;',
  'names that only end in sessionid': `mysessionid=${KEY}; xsessionid=${KEY}`,
  'names of members of Object.prototype': `__proto__=${KEY}; constructor=${KEY}; toString=${KEY}`,
}

const malformedCases = inProcess(
  'malformed cookies',
  Object.fromEntries(
    Object.entries(malformed).map(([name, cookie]) => [
      `${name}: no session, no call to the engine, no error`,
      async ({ serve }) => {
        const app = await serve()

        const read = await app.send('/all', { cookie })
        const untouched = await app.send('/untouched', { cookie })

        expect(read.status).toBe(200)
        expect(read.json()).toEqual({ key: null, data: {} })
        expectUntouched(untouched)
        expect(app.probe.calls(), 'engine calls').toEqual([])
      },
    ]),
  ),
)

const amongOthers = overHttp('malformed cookies', {
  'a live key is found among a thousand other cookies': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    const cookie = `${malformed['a thousand cookies']}; ${visitor.cookie()}`

    expect((await app.send('/read', { cookie })).json(), 'GET /read').toEqual({ views: 1 })
  },

  'a live key is found beside broken percent-encoding': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    const cookie = `a=%E0%A4%A; ${visitor.cookie()}; b=%`

    expect((await app.send('/read', { cookie })).json(), 'GET /read').toEqual({ views: 1 })
  },

  'control characters: 400, or 200 without a session, but never a 5xx': async ({ serve }) => {
    const app = await serve()

    for (const character of ['\0', '\u0001', '\t', '\u001b', '\u007f']) {
      const status = await rawStatus(app.url, `sessionid=${KEY.slice(1)}${character}`)
      expect([200, 400]).toContain(status)
    }

    expect((await app.send('/count')).status).toBe(200)
  },
})

const duplicates = inProcess('several cookies of one name', {
  'each well-formed key is tried until one opens a session': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    const cookie = `sessionid=stale; sessionid=${KEY}; ${visitor.cookie()}; sessionid=${KEY}`
    app.probe.reset()

    const answer = await app.send('/read', { cookie })

    expect(answer.json(), 'body').toEqual({ views: 1 })
    expect(answer.setCookies, 'Set-Cookie').toEqual([])
    expect(app.probe.calls(), 'engine calls').toEqual(['load', 'load'])
  },

  'at most four keys are tried': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    const unknown = [1, 2, 3, 4].map((digit) => `sessionid=${KEY.slice(1)}${digit}`)
    app.probe.reset()

    const answer = await app.send('/read', { cookie: [...unknown, visitor.cookie()].join('; ') })

    expect(answer.json(), 'body').toEqual({ views: null })
    expect(app.probe.calls(), 'engine calls').toEqual(['load', 'load', 'load', 'load'])
  },

  'a logout ends each of their sessions': async ({ serve }) => {
    const app = await serve()
    const [one, two] = [app.visitor(), app.visitor()]
    await one.get('/count')
    await two.get('/count')

    await app.send('/flush', { method: 'POST', cookie: `${one.cookie()}; ${two.cookie()}` })

    expect((await one.all()).key).toBeNull()
    expect((await two.all()).key).toBeNull()
  },
})

/** Cookie headers that clients may send. */
export const cookieHeaders: readonly AdapterCase[] = [
  ...duplicates,
  ...malformedCases,
  ...amongOthers,
]

/** The status of the answer to a Cookie header that `node:http` would refuse to send. */
function rawStatus(url: string, cookie: string): Promise<number> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `GET /read HTTP/1.1\r\nHost: ${hostname}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
        'latin1',
      )
    })
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      text += String(chunk)
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1])))
  })
}
