import type { CookieEngine, SessionEngine, Settings } from '@sessions/core'

/** The settings of a reference app that travel as flags of `npm run serve`, so into another process as well. */
export interface ReferenceFlags {
  /** `--cookie-name NAME` */
  readonly cookieName?: string | undefined
  /** `--cookie-age SECONDS` */
  readonly cookieAge?: number | undefined
  /** `--cookie-secure true|false|auto`; alone it means true. */
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
  /** `--eager`: the sessions are mounted with `{ eager: true }`. */
  readonly eager?: boolean | undefined
}

/** What a flag's value is: nothing, a number, a text, or `true`, `false` or `auto`. */
export type FlagKind = 'switch' | 'number' | 'text' | 'secure'

/** Every setting that is a flag, and what its value is. The flag is the setting's name in kebab case. */
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

/** A setting's name as a flag: `cookieAge` is `cookie-age`. */
export function flagName(setting: string): string {
  return setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/**
 * The settings that parsed flags stand for.
 *
 * @param values What `parseArgs` of `node:util` answered: by the flag's name, `true` or the text after it.
 * @throws {Error} when a number is none, or `--cookie-secure` is something else than `true`, `false` or `auto`.
 */
export function flagsToSettings(
  values: Readonly<Record<string, string | boolean | undefined>>,
): ReferenceFlags {
  const given = Object.entries(referenceFlags).flatMap(([setting, kind]) => {
    const value = values[flagName(setting)]
    return value === undefined ? [] : [[setting, flagValue(flagName(setting), kind, value)]]
  })
  return Object.fromEntries(given)
}

/** The settings as arguments for `npm run serve`, to start a reference app in another process. */
export function settingsToFlags(settings: ReferenceFlags): string[] {
  return Object.entries(settings).flatMap(([setting, value]) => {
    if (value === undefined || (value === false && setting !== 'cookieSecure')) return []
    const flag = `--${flagName(setting)}`
    return value === true && setting !== 'cookieSecure' ? [flag] : [flag, String(value)]
  })
}

/** The settings of core that the flags stand for. */
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
