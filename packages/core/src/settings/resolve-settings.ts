import { platform } from '@sessions/core/platform'
import { type CookieEngine, isCookieEngine, type SessionEngine } from '../engine/engine.ts'
import { InvalidSettingError } from '../errors.ts'
import { jsonSerializer } from '../payload/serializer.ts'
import { checkKind, hasMethods, isObject, refuseUnknown, requireMethods } from '../check-options.ts'
import { REMEDIES } from './remedies.ts'
import { resolveCookie } from './resolve-cookie.ts'
import { flag, fraction, oneOf, seconds, secondsOrNone } from './setting-values.ts'
import type { ResolvedSettings, Settings } from './settings.ts'

const GRACE = 30
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

/**
 * Validates the settings and fills in the defaults.
 *
 * @throws {InvalidSettingError} when a setting is unknown or invalid.
 */
export function resolveSettings<D extends object>(given: Settings<D>): ResolvedSettings {
  if (!isObject(given))
    throw new InvalidSettingError('settings', 'must be an object with at least `{ engine }`.')
  if (hasMethods(given, 'load') || hasMethods(given, 'seal'))
    throw new InvalidSettingError('settings', 'are an engine: pass `{ engine }` instead.')
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

function checkEngine(engine: unknown): SessionEngine | CookieEngine {
  const methods =
    isObject(engine) && 'seal' in engine
      ? ['seal', 'unseal']
      : ['load', 'exists', 'create', 'save', 'touch', 'delete']
  const missing = methods.find((name) => !hasMethods(engine, name))
  if (missing === undefined) return checkChunks(engine as SessionEngine | CookieEngine)
  if (engine instanceof Promise) throw new InvalidSettingError('engine', 'is a promise: await it.')
  throw new InvalidSettingError(
    'engine',
    engine === undefined
      ? 'is missing: say where sessions are kept, for example `engine: memoryEngine()`.'
      : `has no method \`${missing}\`: pass an engine, such as \`redisEngine(client)\`, not the driver's client.`,
  )
}

function checkChunks(engine: SessionEngine | CookieEngine): SessionEngine | CookieEngine {
  if (isCookieEngine(engine)) checkKind('engine.chunks', engine.chunks, 'whole number')
  return engine
}

function checkFunctions(settings: Settings): void {
  requireMethods('serializer', settings.serializer, ['dumps', 'loads'])
  requireMethods('codec', settings.codec, ['encode', 'decode'])
  checkKind('clock', settings.clock, 'clock')
  for (const name of ['onEvent', 'random', 'sleep'] as const) {
    checkKind(name, settings[name], 'function')
  }
  if (settings.attributes !== undefined && !isObject(settings.attributes)) {
    throw new InvalidSettingError(
      'attributes',
      'must be an object of functions, such as `{ userId: (data) => data._auth_user_id }`.',
    )
  }
  for (const [name, compute] of Object.entries(settings.attributes ?? {})) {
    if (typeof compute !== 'function') {
      throw new InvalidSettingError(
        `attributes.${name}`,
        'must be a function of the data, such as `(data) => data._auth_user_id`.',
      )
    }
  }
}
