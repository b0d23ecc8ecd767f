import type { CookieEngine, SessionEngine, Settings } from '@sessions/core'

/** The settings of a reference app that can be passed to another process, as flags of `npm run serve`. */
export interface ReferenceFlags {
  /** `--cookie-name NAME` */
  readonly cookieName?: string | undefined
  /** `--cookie-age SECONDS` */
  readonly cookieAge?: number | undefined
  /** `--cookie-secure true|false|auto`; without a value it means true. */
  readonly cookieSecure?: boolean | 'auto' | undefined
  /** `--expire-at-browser-close` */
  readonly expireAtBrowserClose?: boolean | undefined
  /** `--save-every-request` */
  readonly saveEveryRequest?: boolean | undefined
  /** `--renew-after FRACTION` */
  readonly renewAfter?: number | undefined
  /** `--absolute-age SECONDS` */
  readonly absoluteAge?: number | undefined
  /** `--rotation-grace SECONDS` */
  readonly rotationGrace?: number | undefined
  /** `--eager`: sessions are mounted with `{ eager: true }`. */
  readonly eager?: boolean | undefined
}

/** The kind of value that a flag takes: none, a number, a text, or `true`, `false` or `auto`. */
export type FlagKind = 'switch' | 'number' | 'text' | 'secure'

/** Every setting that is a flag, with the kind of its value. The flag is the setting's name in kebab case. */
export const referenceFlags: Readonly<Record<keyof ReferenceFlags, FlagKind>> = {
  cookieName: 'text',
  cookieAge: 'number',
  cookieSecure: 'secure',
  expireAtBrowserClose: 'switch',
  saveEveryRequest: 'switch',
  renewAfter: 'number',
  absoluteAge: 'number',
  rotationGrace: 'number',
  eager: 'switch',
}

/** Converts a setting's name to its flag: `cookieAge` to `cookie-age`. */
export function flagName(setting: string): string {
  return setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/**
 * Converts parsed flags to settings.
 *
 * @param values The `values` that `parseArgs` of `node:util` returns: `true` or the text after the flag, by its name.
 * @throws {Error} if a value should be a number and is not, or `--cookie-secure` is not `true`, `false` or `auto`.
 */
export function flagsToSettings(
  values: Readonly<Record<string, string | boolean | undefined>>,
): ReferenceFlags {
  const settings = Object.entries(referenceFlags).flatMap(([setting, kind]) => {
    const value = values[flagName(setting)]
    return value === undefined ? [] : [[setting, flagValue(flagName(setting), kind, value)]]
  })
  return Object.fromEntries(settings)
}

/** Converts settings to arguments of `npm run serve`, to start a reference app in another process. */
export function settingsToFlags(settings: ReferenceFlags): string[] {
  return Object.entries(settings).flatMap(([setting, value]) => {
    if (value === undefined || (value === false && setting !== 'cookieSecure')) return []
    const flag = `--${flagName(setting)}`
    return value === true && setting !== 'cookieSecure' ? [flag] : [flag, String(value)]
  })
}

/** Converts flags to settings of core. */
export function referenceSettings(
  engine: SessionEngine | CookieEngine,
  flags: ReferenceFlags = {},
): Settings {
  const { cookieName, cookieAge, cookieSecure, eager: _eager, ...rest } = flags
  return { engine, cookie: { name: cookieName, age: cookieAge, secure: cookieSecure }, ...rest }
}

function flagValue(
  flag: string,
  kind: FlagKind,
  value: string | boolean,
): string | number | boolean {
  if (kind === 'number') {
    const number = Number(value)
    if (value === '' || typeof value === 'boolean' || !Number.isFinite(number)) {
      throw new Error(`--${flag} takes a number, not ${JSON.stringify(value)}.`)
    }
    return number
  }
  if (kind !== 'secure' || value === 'auto') return value
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new Error(`--${flag} takes true, false or auto, not ${JSON.stringify(value)}.`)
}
