import { platform } from '@sessions/core/platform'
import type { CookieEngine, SessionEngine } from '../engine/engine.ts'
import { InvalidSettingError } from '../errors.ts'
import { jsonSerializer } from '../payload/serializer.ts'
import { LONGEST_AGE } from '../session/expiry.ts'
import { hasMethod, isObject, refuseUnknown, requireMethods } from './check-options.ts'
import type { CookieSettings, ResolvedSettings, Settings } from './settings.ts'

const TWO_WEEKS = 1_209_600
const GRACE = 30
/** The token grammar of RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** Printable ASCII without the semicolon that would end the attribute, no longer than browsers heed (RFC 6265bis). */
const PATH = /^\/[\x20-\x3a\x3c-\x7e]{0,1023}$/
const DOMAIN = /^(?=.{1,254}$)\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i

const SETTINGS: readonly string[] = [
  'engine',
  'cookie',
  'expireAtBrowserClose',
  'saveEveryRequest',
  'renewAfter',
  'absoluteAge',
  'rotationGrace',
  'serializer',
  'codec',
  'attributes',
  'hashKeys',
  'onConflict',
  'onEvent',
  'clock',
  'random',
  'sleep',
]
const COOKIE_SETTINGS: readonly string[] = [
  'name',
  'age',
  'domain',
  'path',
  'sameSite',
  'httpOnly',
  'secure',
  'partitioned',
]

/** What people write who come from other libraries, and what it is called here. */
const REMEDIES: Readonly<Record<string, string>> = {
  store: 'use `engine`',
  name: 'use `cookie.name`',
  key: 'use `cookie.name`',
  maxAge: 'use `cookie.age`, in seconds',
  'cookie.maxAge': 'use `cookie.age`, in seconds',
  'cookie.expires': 'use `cookie.age`, in seconds',
  secret:
    'session keys are random and need no signature: leave it out, or give it to `signedCodec` or a cookie engine',
  genid: 'keys are always 32 random characters: leave it out',
  unset: 'call `session.flush()` to end a session: leave it out',
  proxy: 'tell the framework which proxies it may trust',
  httpOnly: 'use `cookie.httpOnly`',
  secure: 'use `cookie.secure`',
  sameSite: 'use `cookie.sameSite`',
  domain: 'use `cookie.domain`',
  path: 'use `cookie.path`',
  resave: 'unchanged sessions are never written: leave it out',
  saveUninitialized: 'empty sessions are never created: leave it out',
  rolling: 'use `renewAfter` or `saveEveryRequest`',
  eager: 'give it to the adapter as a second argument: `sessions(settings, { eager: true })`',
}

/**
 * The settings with every default in place.
 *
 * @throws {InvalidSettingError} where one is misused; it names the setting and the remedy.
 */
export function resolveSettings<D extends object>(given: Settings<D>): ResolvedSettings {
  if (!isObject(given))
    throw new InvalidSettingError('settings', 'are missing: give at least `{ engine }`.')
  if (hasMethod(given, 'load') || hasMethod(given, 'seal'))
    throw new InvalidSettingError('settings', 'are an engine itself: give `{ engine }`.')
  refuseUnknown(given, SETTINGS, 'a setting', { remedies: REMEDIES })
  const settings = given as unknown as Settings
  checkFunctions(settings)
  const { cookie = {}, rotationGrace = GRACE, onConflict = 'merge' } = settings
  return Object.freeze({
    engine: checkEngine(settings.engine),
    cookie: resolveCookie(cookie),
    expireAtBrowserClose: flag('expireAtBrowserClose', settings.expireAtBrowserClose, false),
    saveEveryRequest: flag('saveEveryRequest', settings.saveEveryRequest, false),
    renewAfter: fraction('renewAfter', settings.renewAfter),
    absoluteAge:
      settings.absoluteAge === undefined ? undefined : seconds('absoluteAge', settings.absoluteAge),
    rotationGrace: secondsOrNone('rotationGrace', rotationGrace),
    serializer: settings.serializer ?? jsonSerializer,
    codec:
      isCookieEngine(settings.engine) && settings.engine.encodes === true
        ? undefined
        : settings.codec,
    attributes: settings.attributes,
    hashKeys: flag('hashKeys', settings.hashKeys, true),
    onConflict: oneOf('onConflict', onConflict, ['merge', 'overwrite', 'reject']),
    onEvent: settings.onEvent,
    clock: settings.clock ?? platform,
    random: settings.random ?? platform.randomBytes,
    sleep: settings.sleep ?? platform.sleep,
  })
}

/** Whether the engine keeps its records in the browser. */
export function isCookieEngine(engine: SessionEngine | CookieEngine): engine is CookieEngine {
  return 'seal' in engine
}

function resolveCookie(given: CookieSettings): ResolvedSettings['cookie'] {
  if (!isObject(given))
    throw new InvalidSettingError('cookie', 'takes an object such as `{ name, age }`.')
  refuseUnknown(given, COOKIE_SETTINGS, 'a setting', { prefix: 'cookie.', remedies: REMEDIES })
  const { name = 'sessionid', age = TWO_WEEKS, path = '/', sameSite = 'lax' } = given
  const cookie = {
    name: matching('cookie.name', name, TOKEN, "letters, digits and !#$%&'*+-.^_`|~"),
    age: Math.min(seconds('cookie.age', age), LONGEST_AGE),
    domain:
      given.domain === undefined
        ? undefined
        : matching('cookie.domain', given.domain, DOMAIN, 'a host name such as `example.com`'),
    path: matching(
      'cookie.path',
      path,
      PATH,
      'printable ASCII that begins with `/`, 1024 characters at most',
    ),
    sameSite: oneOf('cookie.sameSite', sameSite, ['lax', 'strict', 'none']),
    httpOnly: flag('cookie.httpOnly', given.httpOnly, true),
    secure: given.secure === 'auto' ? 'auto' : flag('cookie.secure', given.secure, 'auto'),
    partitioned: flag('cookie.partitioned', given.partitioned, false),
  } as const
  return Object.freeze({ ...cookie, secure: checkSecure(cookie) })
}

/** Browsers ignore a cookie whose name, SameSite or Partitioned demands Secure and that lacks it: then it is always set. */
function checkSecure(cookie: Omit<ResolvedSettings['cookie'], 'age'>): boolean | 'auto' {
  const name = cookie.name.toLowerCase()
  if (name.startsWith('__host-') && (cookie.domain !== undefined || cookie.path !== '/')) {
    throw new InvalidSettingError(
      'cookie.name',
      'begins with `__Host-`, which browsers accept only without `cookie.domain` and with `cookie.path: "/"`.',
    )
  }
  const demands = [
    {
      holds: name.startsWith('__host-') || name.startsWith('__secure-'),
      setting: 'cookie.name',
      of: 'this prefix',
    },
    { holds: cookie.sameSite === 'none', setting: 'cookie.sameSite', of: '`none`' },
    { holds: cookie.partitioned, setting: 'cookie.partitioned', of: 'it' },
  ]
  const demand = demands.find(({ holds }) => holds)
  if (demand === undefined) return cookie.secure
  if (cookie.secure === false) {
    throw new InvalidSettingError(
      demand.setting,
      `needs Secure: browsers ignore a cookie with ${demand.of} otherwise. Leave \`cookie.secure\` out.`,
    )
  }
  return true
}

function checkEngine(engine: unknown): SessionEngine | CookieEngine {
  const methods =
    isObject(engine) && 'seal' in engine
      ? ['seal', 'unseal']
      : ['load', 'exists', 'create', 'save', 'touch', 'delete']
  const missing = methods.find((name) => !hasMethod(engine, name))
  if (missing === undefined) return checkChunks(engine as SessionEngine | CookieEngine)
  throw new InvalidSettingError(
    'engine',
    engine === undefined
      ? 'is missing: say where sessions are kept, for example `engine: memoryEngine()`.'
      : `is not an engine: it has no method \`${missing}\`. Give what an engine package makes, not the driver's client.`,
  )
}

function checkChunks(engine: SessionEngine | CookieEngine): SessionEngine | CookieEngine {
  const { chunks = 1 }: { readonly chunks?: number | undefined } = isCookieEngine(engine)
    ? engine
    : {}
  if (Number.isInteger(chunks) && chunks >= 1) return engine
  throw new InvalidSettingError('engine.chunks', 'takes the number of cookies, 1 or more.')
}

function checkFunctions(settings: Settings): void {
  requireMethods('serializer', settings.serializer, ['dumps', 'loads'])
  requireMethods('codec', settings.codec, ['encode', 'decode'])
  requireMethods('clock', settings.clock, ['now'])
  for (const name of ['onEvent', 'random', 'sleep'] as const) {
    if (settings[name] !== undefined && typeof settings[name] !== 'function') {
      throw new InvalidSettingError(name, 'takes a function.')
    }
  }
  if (settings.attributes !== undefined && !isObject(settings.attributes)) {
    throw new InvalidSettingError(
      'attributes',
      'takes an object of functions, such as `{ userId: (data) => data.userId }`.',
    )
  }
  for (const [name, compute] of Object.entries(settings.attributes ?? {})) {
    if (typeof compute !== 'function') {
      throw new InvalidSettingError(
        `attributes.${name}`,
        'takes a function of the data, such as `(data) => data.userId`.',
      )
    }
  }
}

function flag<T>(setting: string, value: unknown, fallback: T): boolean | T {
  if (value === undefined) return fallback
  if (typeof value === 'boolean') return value
  throw new InvalidSettingError(
    setting,
    `takes ${fallback === 'auto' ? "true, false or 'auto'" : 'true or false'}.`,
  )
}

function seconds(setting: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw new InvalidSettingError(setting, 'takes a number of seconds above 0.')
}

function secondsOrNone(setting: string, value: unknown): number {
  if (value === 0 || (typeof value === 'number' && Number.isFinite(value) && value > 0))
    return value
  throw new InvalidSettingError(setting, 'takes a number of seconds, or 0 for none.')
}

function fraction(setting: string, value: unknown): number | undefined {
  if (value === undefined || (typeof value === 'number' && value >= 0 && value < 1)) return value
  throw new InvalidSettingError(
    setting,
    'takes a fraction of the lifetime, from 0 to below 1: 0.5 renews once half of it has passed.',
  )
}

function oneOf<T extends string>(setting: string, value: unknown, choices: readonly T[]): T {
  const choice = choices.find((one) => one === value)
  if (choice !== undefined) return choice
  throw new InvalidSettingError(
    setting,
    `takes one of ${choices.map((one) => `'${one}'`).join(', ')}.`,
  )
}

function matching(setting: string, value: unknown, pattern: RegExp, what: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value
  throw new InvalidSettingError(setting, `takes ${what}.`)
}
