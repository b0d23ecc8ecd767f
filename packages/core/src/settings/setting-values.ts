import { InvalidSettingError } from '../errors.ts'

// Each of these returns the value of a setting if it is valid, and throws an `InvalidSettingError` that names the setting
// otherwise.

export function flag<T>(setting: string, value: unknown, fallback: T): boolean | T {
  if (value === undefined) return fallback
  if (typeof value === 'boolean') return value
  throw new InvalidSettingError(
    setting,
    `must be ${fallback === 'auto' ? "true, false or 'auto'" : 'true or false'}.`,
  )
}

export function seconds(setting: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw new InvalidSettingError(setting, 'must be a number of seconds above 0.')
}

export function secondsOrNone(setting: string, value: unknown): number {
  if (value === 0 || (typeof value === 'number' && Number.isFinite(value) && value > 0))
    return value
  throw new InvalidSettingError(setting, 'must be a number of seconds, or 0 for none.')
}

export function fraction(setting: string, value: unknown): number | undefined {
  if (value === undefined || (typeof value === 'number' && value >= 0 && value < 1)) return value
  throw new InvalidSettingError(
    setting,
    'must be a fraction of the lifetime, from 0 to below 1: 0.5 renews once half of it has passed.',
  )
}

export function oneOf<T extends string>(setting: string, value: unknown, choices: readonly T[]): T {
  const choice = choices.find((one) => one === value)
  if (choice !== undefined) return choice
  throw new InvalidSettingError(
    setting,
    `must be one of ${choices.map((one) => `'${one}'`).join(', ')}.`,
  )
}

export function matching(setting: string, value: unknown, pattern: RegExp, what: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value
  throw new InvalidSettingError(setting, `must be ${what}.`)
}
