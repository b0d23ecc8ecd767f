import { describe, expect, it } from 'vitest'
import { cookieValues } from '../src/cookies/cookie-header.ts'
import { InvalidSettingError } from '../src/errors.ts'
import { site } from './support/site.ts'
import { fc } from './support/fast-check.ts'

const key = 'abcdefghijklmnopqrstuvwxyz012345'

describe('cookieValues', () => {
  it.each<[header: string, values: string[]]>([
    ['', []],
    ['sessionid=a', ['a']],
    ['sessionid=', ['']],
    ['sessionid', []],
    ['sessionid==a', ['=a']],
    ['sessionid=a=b', ['a=b']],
    ['sessionid=a; sessionid=b', ['a', 'b']],
    ['sessionid=a;sessionid=b', ['a', 'b']],
    ['sessionid=a;\tsessionid=b', ['a', 'b']],
    ['  sessionid=a  ;   sessionid=  b  ', ['a', 'b']],
    ['other=1; sessionid=a; more=2', ['a']],
    [';;; sessionid=a;;;', ['a']],
    ['xsessionid=a', []],
    ['x-sessionid=a; sessionid=b', ['b']],
    ['x sessionid=a', []],
    ['sessionidx=a', []],
    ['SessionID=a', []],
    ['foo=sessionid=a', []],
    ['foo=sessionid=a; sessionid=b', ['b']],
    ['foo="; sessionid=a"', ['a"']],
    ['sessionid="a"', ['"a"']],
    ['sessionid=%61', ['%61']],
    ['sessionid=%', ['%']],
    ['sessionid=sessionid=a', ['sessionid=a']],
    ['sessionid=a,sessionid=b', ['a,sessionid=b']],
    ['sessionid=\u0000\u0001a', ['\u0000\u0001a']],
    ['\u0000sessionid=a', []],
    ['sessionid =a', []],
  ])('of %j', (header, values) => {
    expect(cookieValues(header, 'sessionid')).toEqual(values)
  })

  it('matches a name literally, whatever characters it contains', () => {
    expect(cookieValues('a.c=1; abc=2; a+c=3; $c=4', 'a.c')).toEqual(['1'])
    expect(cookieValues('a.c=1; abc=2; a+c=3; $c=4', '$c')).toEqual(['4'])
  })

  it('finds the same as a parser that splits at semicolons', () => {
    const piece = fc.constantFrom('sessionid', 'x', '=', ';', ' ', '\t', '"', 'a', 'sessionid=')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const header = pieces.join('')
        const expected = header
          .split(';')
          .map((pair) => pair.replace(/^[ \t]+/, ''))
          .filter((pair) => pair.startsWith('sessionid='))
          .map((pair) => pair.slice('sessionid='.length).trim())

        expect(cookieValues(header, 'sessionid')).toEqual(expected)
      }),
      { numRuns: 1000 },
    )
  })

  it('finds the value between any other cookies', () => {
    const other = fc
      .tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[!#-+\--:<-[\]-~]{0,20}$/))
      .map(([name, value]) => `${name}=${value}`)
    fc.assert(
      fc.property(fc.array(other), fc.array(other), (before, after) => {
        const header = [...before, `sessionid=${key}`, ...after].join('; ')

        expect(cookieValues(header, 'sessionid')).toContain(key)
      }),
    )
  })
})

describe('a hostile Cookie header', () => {
  const long = 64 * 1024
  const hostile: [what: string, header: string][] = [
    ['64 KB of one letter', 'a'.repeat(long)],
    ['64 KB in the session cookie', `sessionid=${'a'.repeat(long)}`],
    ['64 KB of white space', ' '.repeat(long)],
    ['64 KB of white space before a name', `${' \t'.repeat(long / 2)}sessionid=x`],
    ['64 KB of semicolons', ';'.repeat(long)],
    ['64 KB of names without an end', 'sessionid='.repeat(long / 10)],
    ['64 KB of names that only end like ours', 'xsessionid=a; '.repeat(long / 14)],
    ['64 KB of names after white space', ' sessionid='.repeat(long / 11)],
    ['a thousand cookies', Array.from({ length: 1000 }, (_, n) => `c${n}=${n}`).join('; ')],
    ['a thousand malformed ones of our name', 'sessionid=x; '.repeat(1000)],
    ['control characters', Array.from({ length: 32 }, (_, n) => String.fromCharCode(n)).join('')],
    ['control characters in the value', `sessionid=${key}\u0000; sessionid=\r\n${'b'.repeat(31)}`],
    ['broken percent-encoding', 'sessionid=%E0%A4%A; sessionid=%; sessionid=%zz'],
    ['lone surrogates', 'sessionid=\ud800; \udfff=1'],
    ['a quoted key', `sessionid="${key}"`],
  ]

  it.each(hostile)('gives no session: %s', async (_, cookie) => {
    const { visit } = site()

    const answer = await visit({ cookie }, (session) => expect(session.get('a')).toBeUndefined())

    expect(answer.calls).toEqual([])
    expect(answer.setCookie.length).toBeLessThanOrEqual(1)
  })

  it.each(hostile)('does not hide the session that comes with it: %s', async (_, cookie) => {
    const { visit } = site()
    const own = await visit({}, (session) => session.set('a', 1))

    await visit({ cookie: `${own.cookie}; ${cookie}` }, (session) => {
      expect(session.get('a')).toBe(1)
    })
  })

  it('with a thousand well-formed keys costs four engine calls', async () => {
    const { visit } = site()
    const keys = Array.from({ length: 1000 }, (_, n) => `sessionid=${String(n).padStart(32, 'a')}`)

    const { calls } = await visit({ cookie: keys.join('; ') }, (session) => session.get('a'))

    expect(calls).toEqual(['load', 'load', 'load', 'load'])
  })

  it('may be an array, or absent', async () => {
    const { manager, visit } = site()
    const { cookie = '' } = await visit({}, (session) => session.set('a', 1))

    const several = await manager.openFromCookies(['other=1', cookie, 'more=2']).load()
    expect(several.get('a')).toBe(1)
    for (const none of [undefined, null, '', []]) {
      const session = await manager.openFromCookies(none).load()
      expect(session.isEmpty).toBe(true)
    }
  })

  it.each([5, {}])('must be a string or an array, not %j', (header) => {
    expect(() => site().manager.openFromCookies(header as string)).toThrow(InvalidSettingError)
  })

  it('is not parsed if the session is not touched', async () => {
    const { manager } = site()
    const header = new String(`sessionid=${key}`)
    header.indexOf = () => {
      throw new Error('parsed')
    }

    const session = manager.openFromCookies([header as string])

    expect(manager.commit(session, { status: 200 })).toMatchObject({ setCookie: [] })
  })
})
