import { InvalidSettingError } from '../errors.ts'
import { LONGEST_AGE } from '../cookies/set-cookie.ts'
import { isObject, refuseUnknown } from '../check-options.ts'
import { REMEDIES } from './remedies.ts'
import { flag, matching, oneOf, seconds } from './setting-values.ts'
import type { CookieSettings, ResolvedSettings } from './settings.ts'

const TWO_WEEKS = 1_209_600
/** A token as defined in RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/**
 * Printable ASCII without the semicolon, which would end the attribute. Browsers ignore an attribute value of more than 1024
 * bytes (RFC 6265bis).
 */
const PATH = /^\/[\x20-\x3a\x3c-\x7e]{0,1023}$/
const DOMAIN = /^(?=.{1,254}$)\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i

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

/** Validates the cookie's settings and fills in the defaults. */
export function resolveCookie(given: CookieSettings): ResolvedSettings['cookie'] {
  if (!isObject(given))
    throw new InvalidSettingError('cookie', 'must be an object such as `{ name, age }`.')
  refuseUnknown(given, COOKIE_SETTINGS, 'a setting', { prefix: 'cookie.', remedies: REMEDIES })
  const { name = 'sessionid', age = TWO_WEEKS, path = '/', sameSite = 'lax' } = given
  const cookie = {
    name: matching('cookie.name', name, TOKEN, "a name of letters, digits and !#$%&'*+-.^_`|~"),
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

/**
 * Returns the effective `cookie.secure`. Some names, `SameSite=None` and `Partitioned` require Secure, and browsers ignore a
 * cookie that lacks it: for these, `'auto'` means true.
 */
function checkSecure(cookie: Omit<ResolvedSettings['cookie'], 'age'>): boolean | 'auto' {
  const name = cookie.name.toLowerCase()
  if (name.startsWith('__host-') && (cookie.domain !== undefined || cookie.path !== '/')) {
    throw new InvalidSettingError(
      'cookie.name',
      'begins with `__Host-`, which browsers accept only without `cookie.domain` and with `cookie.path: "/"`.',
    )
  }
  if (/^__(?:host-)?http-/.test(name) && !cookie.httpOnly) {
    throw new InvalidSettingError(
      'cookie.name',
      'begins with `__Http-` or `__Host-Http-`, which browsers accept only with HttpOnly. Remove `cookie.httpOnly: false`.',
    )
  }
  const requirements = [
    {
      applies: /^__(?:host|secure|http)-/.test(name),
      setting: 'cookie.name',
      cookies: 'a cookie with this prefix',
    },
    {
      applies: cookie.sameSite === 'none',
      setting: 'cookie.sameSite',
      cookies: 'a cookie with `SameSite=None`',
    },
    { applies: cookie.partitioned, setting: 'cookie.partitioned', cookies: 'a partitioned cookie' },
  ]
  const requirement = requirements.find(({ applies }) => applies)
  if (requirement === undefined) return cookie.secure
  if (cookie.secure === false) {
    throw new InvalidSettingError(
      requirement.setting,
      `needs Secure: browsers ignore ${requirement.cookies} that is not Secure. Remove \`cookie.secure: false\`.`,
    )
  }
  return true
}
