import { describe, expect, it } from 'vitest'
import { InvalidSettingError } from '../src/errors.ts'
import { createSessions } from '../src/manager/sessions.ts'
import type { CookieSettings, Settings } from '../src/settings/settings.ts'
import { cookieEngine } from './support/cookie-engine.ts'
import { mapEngine } from './support/map-engine.ts'
import { site } from './support/site.ts'

const engine = mapEngine({ now: () => 0 })
const make = (settings: unknown) => () => createSessions(settings as Settings)
const withEngine = (settings: object) => make({ engine, ...settings })
const withCookie = (cookie: unknown) => make({ engine, cookie })

function never(): never {
  throw new Error('not yet')
}

function refused(action: () => unknown): { setting: string; message: string } {
  try {
    action()
  } catch (error) {
    if (error instanceof InvalidSettingError) return error
  }
  throw new Error('It was accepted')
}

type Misuse = readonly [what: string, settings: unknown, setting: string, remedy: RegExp]

const without = (method: string) => ({ engine: { ...engine, [method]: undefined } })

function expectRefusal(settings: unknown, setting: string, remedy: RegExp): void {
  const error = refused(make(settings))

  expect(error.setting).toBe(setting)
  expect(error.message).toMatch(new RegExp(`^${setting} `))
  expect(error.message).toMatch(remedy)
}

describe('createSessions', () => {
  it.each<Misuse>([
    ['undefined', undefined, 'settings', /must be an object with at least `\{ engine \}`/],
    ['null', null, 'settings', /must be an object/],
    ['a string', 'memory', 'settings', /must be an object/],
    ['settings without an engine', {}, 'engine', /say where sessions are kept/],
    ['null as the engine', { engine: null }, 'engine', /no method `load`.*not the driver's client/],
    ['a promise as the engine', { engine: Promise.resolve() }, 'engine', /await it/],
    ['a string as the engine', { engine: 'redis' }, 'engine', /no method `load`/],
    ['an engine without a method', without('touch'), 'engine', /no method `touch`/],
    ['half a cookie engine', { engine: { seal: () => '' } }, 'engine', /no method `unseal`/],
    [
      'a cookie engine whose seal is not a function',
      { engine: { seal: true, unseal: () => {} } },
      'engine',
      /no method `seal`/,
    ],
    ...[0, -1, 1.5, Number.NaN].map((chunks): Misuse => [
      `a cookie engine of ${chunks} cookies`,
      { engine: cookieEngine({ chunks }) },
      'engine.chunks',
      /whole number/,
    ]),
    ['an engine instead of settings', engine, 'settings', /pass `\{ engine \}` instead/],
  ])('rejects %s, and names the setting and the remedy', (_, settings, setting, remedy) => {
    expectRefusal(settings, setting, remedy)
  })

  it.each<readonly [settings: object, setting: string, remedy: RegExp]>([
    [{ saveEveryRequest: 1 }, 'saveEveryRequest', /true or false/],
    [{ expireAtBrowserClose: 'yes' }, 'expireAtBrowserClose', /true or false/],
    [{ hashKeys: null }, 'hashKeys', /true or false/],
    [{ renewAfter: 1 }, 'renewAfter', /from 0 to below 1/],
    [{ renewAfter: -0.1 }, 'renewAfter', /0\.5 renews/],
    [{ renewAfter: Number.NaN }, 'renewAfter', /fraction/],
    [{ renewAfter: '0.5' }, 'renewAfter', /fraction/],
    [{ absoluteAge: 0 }, 'absoluteAge', /seconds above 0/],
    [{ absoluteAge: null }, 'absoluteAge', /seconds above 0/],
    [{ rotationGrace: null }, 'rotationGrace', /seconds, or 0/],
    [{ onConflict: null }, 'onConflict', /'merge', 'overwrite', 'reject'/],
    [{ rotationGrace: -1 }, 'rotationGrace', /seconds, or 0/],
    [{ rotationGrace: Number.POSITIVE_INFINITY }, 'rotationGrace', /seconds/],
    [{ onConflict: 'ignore' }, 'onConflict', /'merge', 'overwrite', 'reject'/],
    [{ onEvent: {} }, 'onEvent', /must be a function/],
    [{ random: 4 }, 'random', /must be a function/],
    [{ sleep: null }, 'sleep', /must be a function/],
    [{ clock: () => 0 }, 'clock', /`now`/],
    [{ serializer: JSON }, 'serializer', /`dumps`/],
    [{ serializer: { dumps: String } }, 'serializer', /`loads`/],
    [{ codec: null }, 'codec', /`encode`/],
    [{ codec: { encode: String } }, 'codec', /`decode`/],
    [{ attributes: { userId: 'userId' } }, 'attributes.userId', /\(data\) => data\._auth_user_id/],
    [{ attributes: 'userId' }, 'attributes', /must be an object of functions/],
    [{ attributes: ['userId'] }, 'attributes.0', /must be a function/],
    [{ attributes: null }, 'attributes', /must be an object of functions/],
    [{ attributes: 5 }, 'attributes', /must be an object of functions/],
  ])('rejects %o, and names the setting and the remedy', (settings, setting, remedy) => {
    expectRefusal({ engine, ...settings }, setting, remedy)
  })

  it.each<[cookie: unknown, setting: string, remedy: RegExp]>([
    ['sessionid', 'cookie', /object/],
    [null, 'cookie', /object/],
    [{ name: null }, 'cookie.name', /letters, digits/],
    [{ age: null }, 'cookie.age', /seconds above 0/],
    [{ path: null }, 'cookie.path', /begins with `\/`/],
    [{ sameSite: null }, 'cookie.sameSite', /'lax', 'strict', 'none'/],
    [{ name: '' }, 'cookie.name', /letters, digits/],
    [{ name: 'my session' }, 'cookie.name', /letters, digits/],
    [{ name: 'a=b' }, 'cookie.name', /letters, digits/],
    [{ name: 'a;b' }, 'cookie.name', /letters, digits/],
    [{ name: 'sitzung\u00e4' }, 'cookie.name', /letters, digits/],
    [{ name: 'a\n' }, 'cookie.name', /letters, digits/],
    [{ name: 1 }, 'cookie.name', /letters, digits/],
    [{ age: 0 }, 'cookie.age', /seconds above 0/],
    [{ age: -1 }, 'cookie.age', /seconds above 0/],
    [{ age: Number.NaN }, 'cookie.age', /seconds above 0/],
    [{ age: Number.POSITIVE_INFINITY }, 'cookie.age', /seconds above 0/],
    [{ age: '1209600' }, 'cookie.age', /seconds above 0/],
    [{ domain: 'example.com; Path=/' }, 'cookie.domain', /host name/],
    [{ domain: 'https://example.com' }, 'cookie.domain', /host name/],
    [{ domain: 'example.com:80' }, 'cookie.domain', /host name/],
    [{ domain: '' }, 'cookie.domain', /host name/],
    [{ domain: `${'a.'.repeat(127)}example` }, 'cookie.domain', /host name/],
    [{ domain: 'example.com\r\n' }, 'cookie.domain', /host name/],
    [{ path: 'app' }, 'cookie.path', /begins with `\/`/],
    [{ path: '/app; Secure' }, 'cookie.path', /printable ASCII/],
    [{ path: '/app\n' }, 'cookie.path', /printable ASCII/],
    [{ path: '/caf\u00e9' }, 'cookie.path', /printable ASCII/],
    [{ path: `/${'a'.repeat(1024)}` }, 'cookie.path', /1024 characters at most/],
    [{ sameSite: 'Lax' }, 'cookie.sameSite', /'lax', 'strict', 'none'/],
    [{ sameSite: true }, 'cookie.sameSite', /'lax', 'strict', 'none'/],
    [{ httpOnly: 'no' }, 'cookie.httpOnly', /true or false/],
    [{ secure: 'always' }, 'cookie.secure', /true, false or 'auto'/],
    [{ partitioned: 1 }, 'cookie.partitioned', /true or false/],
    [{ name: '__Host-id', domain: 'example.com' }, 'cookie.name', /without `cookie\.domain`/],
    [{ name: '__Host-id', path: '/app' }, 'cookie.name', /`cookie\.path: "\/"`/],
    [{ name: '__host-id', path: '/app' }, 'cookie.name', /__Host-/],
    [{ name: '__Host-id', secure: false }, 'cookie.name', /Remove `cookie\.secure: false`/],
    [{ name: '__Secure-id', secure: false }, 'cookie.name', /needs Secure/],
    [{ name: '__Http-id', secure: false }, 'cookie.name', /needs Secure/],
    [{ name: '__Http-id', httpOnly: false }, 'cookie.name', /Remove `cookie\.httpOnly: false`/],
    [{ name: '__Host-Http-id', httpOnly: false }, 'cookie.name', /only with HttpOnly/],
    [{ name: '__Host-Http-id', path: '/app' }, 'cookie.name', /`cookie\.path: "\/"`/],
    [{ sameSite: 'none', secure: false }, 'cookie.sameSite', /needs Secure/],
    [{ partitioned: true, secure: false }, 'cookie.partitioned', /needs Secure/],
  ])('rejects the cookie %o, and names the setting and the remedy', (cookie, setting, remedy) => {
    const error = refused(withCookie(cookie))

    expect(error.setting).toBe(setting)
    expect(error.message).toMatch(remedy)
  })

  it.each([
    [{ store: engine }, 'store', 'use `engine`'],
    [{ name: 'sid' }, 'name', 'use `cookie.name`'],
    [{ key: 'sid' }, 'key', 'use `cookie.name`'],
    [{ maxAge: 1000 }, 'maxAge', 'use `cookie.age`, in seconds'],
    [{ cookie: { maxAge: 1000 } }, 'cookie.maxAge', 'use `cookie.age`, in seconds'],
    [{ cookie: { expires: new Date(0) } }, 'cookie.expires', 'use `cookie.age`, in seconds'],
    [{ secret: 'keyboard cat' }, 'secret', 'session keys are random and need no signature'],
    [{ resave: false }, 'resave', 'unchanged sessions are never written'],
    [{ saveUninitialized: false }, 'saveUninitialized', 'empty sessions are never created'],
    [{ rolling: true }, 'rolling', 'use `renewAfter` or `saveEveryRequest`'],
    [{ renew: true }, 'renew', 'use `renewAfter` or `saveEveryRequest`'],
    [{ expireAfterSeconds: 900 }, 'expireAfterSeconds', 'use `cookie.age`, in seconds'],
    [{ password: 'p'.repeat(32) }, 'password', 'pass it to a cookie engine, as `secretKey`'],
    [{ eager: true }, 'eager', 'sessions(settings, { eager: true })'],
    [{ genid: () => 'x' }, 'genid', 'keys are always 32 random characters'],
    [{ proxy: true }, 'proxy', 'configure the framework to trust your proxies'],
    [{ httpOnly: true }, 'httpOnly', 'use `cookie.httpOnly`'],
    [{ sweep: true }, 'sweep', 'valid names are engine, cookie, '],
    [{ cookie: { maxage: 1 } }, 'cookie.maxage', 'valid names are name, age, domain, '],
    [{ constructor: 1 }, 'constructor', 'valid names are engine, cookie, '],
    [{ 'cookie.age': 1 }, 'cookie.age', 'valid names are engine, cookie, '],
  ])('rejects %o, and says what to write instead', (settings, setting, remedy) => {
    const error = refused(withEngine(settings))

    expect(error.setting).toBe(setting)
    expect(error.message).toContain(`${setting} is not a setting: `)
    expect(error.message).toContain(remedy)
  })

  it('does not quote a secret that is passed by mistake', () => {
    expect(refused(withEngine({ secret: 'recognisable' })).message).not.toContain('recognisable')
  })

  it.each<CookieSettings>([
    { name: '__Host-id' },
    { name: '__Host-id', httpOnly: false },
    { name: '__Http-id', domain: 'example.com', path: '/app' },
    { name: '__Host-Http-id' },
    { name: '__Secure-id', domain: 'example.com', path: '/app' },
    { domain: '.example.com' },
    { domain: 'xn--caf-dma.example' },
    { path: '/a b' },
    { path: `/${'a'.repeat(1023)}` },
    { sameSite: 'none' },
    { partitioned: true, secure: true },
    { age: 0.5 },
    {},
  ])('accepts the cookie %o', (cookie) => {
    expect(withCookie(cookie)).not.toThrow()
  })

  it('accepts a function or class with the methods, such as Date with `now`', () => {
    const serializer = Object.assign(() => {}, { dumps: JSON.stringify, loads: JSON.parse })

    expect(withEngine({ clock: Date, serializer })).not.toThrow()
  })

  it('treats undefined as absent', async () => {
    const names = ['cookie', 'saveEveryRequest', 'renewAfter', 'absoluteAge', 'rotationGrace']
    const more = ['serializer', 'codec', 'attributes', 'hashKeys', 'onConflict', 'sleep']
    const settings = Object.fromEntries([...names, ...more].map((name) => [name, undefined]))
    const { visit } = site(settings)

    const { setCookie } = await visit({}, (session) => session.set('a', 1))

    expect(setCookie[0]).toMatch(/^sessionid=.*Max-Age=1209600; .*HttpOnly; Secure; SameSite=Lax$/)
  })

  it('caps cookie.age at 400 days', async () => {
    const { visit } = site({ cookie: { age: 1e12 } })

    const { setCookie } = await visit({}, (session) => {
      expect(session.getExpiryAge()).toBe(400 * 24 * 60 * 60)
      session.set('a', 1)
    })

    expect(setCookie[0]).toContain('Max-Age=34560000; Expires=Fri, 05 Feb 2027 00:00:00 GMT')
  })

  it('does nothing random, timed or asynchronous, and calls no engine', () => {
    const dead = { load: never, exists: never, create: never, save: never, touch: never }
    const ports = { clock: { now: never }, random: never, sleep: never, onEvent: never }

    const manager = createSessions({ engine: { ...dead, delete: never }, ...ports })
    const unloaded = manager.openFromCookies(`sessionid=${'a'.repeat(32)}`)

    expect(manager.open().isEmpty).toBe(true)
    expect(unloaded.loaded).toBe(false)
    expect(manager.commit(unloaded, { status: 200 })).toMatchObject({ setCookie: [] })
  })

  it('copies its settings: changing the object later has no effect', async () => {
    const cookie = { name: 'before' }
    const { visit } = site({ cookie })
    cookie.name = 'after'

    const { setCookie } = await visit({}, (session) => session.set('a', 1))

    expect(setCookie[0]).toMatch(/^before=/)
  })

  it('commit rejects an object that is not a session', () => {
    const { manager } = site()
    const session = { load: () => Promise.reject(new Error('no')), flush: () => {}, loaded: false }

    expect(() => manager.commit(session, { status: 200 })).toThrow(InvalidSettingError)
    expect(() => manager.commit(session, { status: 200 })).toThrow(/open it with a manager/)
  })
})
