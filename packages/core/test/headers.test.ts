import { describe, expect, it } from 'vitest'
import { applyCommitted, type Committed, NOTHING, survivesError } from '../src/cookies/headers.ts'
import { fc } from './support/fast-check.ts'

type Headers = Record<string, readonly string[]>

const cookies = (...setCookie: string[]): Committed => ({
  setCookie,
  vary: 'Cookie',
  cacheControl: 'no-cache="Set-Cookie"',
})

/** The headers after `applyCommitted`. */
function applied(committed: Committed, before: Headers = {}): Headers {
  const headers = new Map(Object.entries(before))
  applyCommitted(committed, {
    get: (name) => headers.get(name) ?? [],
    set: (name, values) => headers.set(name, values),
  })
  return Object.fromEntries(headers)
}

describe('applyCommitted', () => {
  it('sets nothing if there is nothing to set', () => {
    expect(applied(NOTHING)).toEqual({})
  })

  it('sets only Vary for a session that was read', () => {
    expect(applied({ ...NOTHING, vary: 'Cookie' })).toEqual({ vary: ['Cookie'] })
  })

  it('sets Set-Cookie, Vary and Cache-Control for a session that was stored', () => {
    expect(applied(cookies('sessionid=a'))).toEqual({
      'set-cookie': ['sessionid=a'],
      vary: ['Cookie'],
      'cache-control': ['no-cache="Set-Cookie"'],
    })
  })

  it.each<[before: string[], after: string[]]>([
    [[], ['sessionid=a; Path=/']],
    [['theme=dark'], ['theme=dark', 'sessionid=a; Path=/']],
    [
      ['sessionid=old', 'theme=dark'],
      ['theme=dark', 'sessionid=a; Path=/'],
    ],
    [['sessionid=old', 'sessionid=older'], ['sessionid=a; Path=/']],
    [[' sessionid =old'], ['sessionid=a; Path=/']],
    [
      ['xsessionid=1', 'sessionidx=1'],
      ['xsessionid=1', 'sessionidx=1', 'sessionid=a; Path=/'],
    ],
    [['SessionID=1'], ['SessionID=1', 'sessionid=a; Path=/']],
    [['nonsense'], ['nonsense', 'sessionid=a; Path=/']],
    [['sessionid'], ['sessionid=a; Path=/']],
  ])('keeps other cookies and leaves one Set-Cookie with our name: %j', (before, after) => {
    const headers = applied(cookies('sessionid=a; Path=/'), { 'set-cookie': before })

    expect(headers['set-cookie']).toEqual(after)
  })

  it('keeps all chunks of a session cookie', () => {
    const headers = applied(cookies('s.0=a', 's.1=b', 's='), { 'set-cookie': ['s.1=old', 't=1'] })

    expect(headers['set-cookie']).toEqual(['t=1', 's.0=a', 's.1=b', 's='])
  })

  it.each<[before: string[], after: string[]]>([
    [[], ['Cookie']],
    [[''], ['Cookie']],
    [['Accept'], ['Accept, Cookie']],
    [['Accept', 'Origin'], ['Accept, Origin, Cookie']],
    [['Cookie'], ['Cookie']],
    [['accept,cookie'], ['accept,cookie']],
    [
      ['Accept', 'COOKIE'],
      ['Accept', 'COOKIE'],
    ],
    [['*'], ['*']],
    [['Accept, *'], ['Accept, *']],
    [['X-Cookie'], ['X-Cookie, Cookie']],
    [['Cookie2'], ['Cookie2, Cookie']],
  ])('adds Cookie to Vary only once: %j', (before, after) => {
    expect(applied(cookies(), { vary: before }).vary).toEqual(after)
  })

  it.each<[before: string[], after: string[]]>([
    [[], ['no-cache="Set-Cookie"']],
    [['max-age=60'], ['max-age=60, no-cache="Set-Cookie"']],
    [['public', 'max-age=60'], ['public, max-age=60, no-cache="Set-Cookie"']],
    [['private'], ['private']],
    [['max-age=60, Private'], ['max-age=60, Private']],
    [['no-store'], ['no-store']],
    [['no-cache="Set-Cookie"'], ['no-cache="Set-Cookie"']],
    [['no-cache="set-cookie", public'], ['no-cache="set-cookie", public']],
    [['private="X-User"'], ['private="X-User", no-cache="Set-Cookie"']],
    [['no-cache="X-User"'], ['no-cache="X-User", no-cache="Set-Cookie"']],
    [['x-private=1'], ['x-private=1, no-cache="Set-Cookie"']],
    [['no-cache="a, private, b"'], ['no-cache="a, private, b", no-cache="Set-Cookie"']],
  ])(
    'adds no-cache="Set-Cookie", unless shared caches store nothing anyway: %j',
    (before, after) => {
      expect(applied(cookies(), { 'cache-control': before })['cache-control']).toEqual(after)
    },
  )

  it('changes nothing when it is applied to its own result', () => {
    const line = fc.constantFrom('theme=dark', 'sessionid=old', 'a', 'Accept', 'private', '*', '')
    const lines = fc.array(line, { maxLength: 3 })
    const before = fc.record({ 'set-cookie': lines, vary: lines, 'cache-control': lines })
    fc.assert(
      fc.property(before, (headers) => {
        const once = applied(cookies('sessionid=a'), headers)

        expect(applied(cookies('sessionid=a'), once)).toEqual(once)
      }),
    )
  })
})

describe('survivesError', () => {
  it.each([
    ['vary', true],
    ['access-control-allow-origin', true],
    ['access-control-expose-headers', true],
    ['location', false],
    ['content-length', false],
    ['x-vary', false],
    ['x-access-control-allow-origin', false],
  ])('returns for %s: %s', (name, kept) => {
    expect(survivesError(name)).toBe(kept)
  })
})
