import { InvalidSettingError } from './errors.ts'

/**
 * What an option must be. `whole number` is 1 or more, `milliseconds` is above 0 and may be `Infinity`, a `clock` has a
 * method `now`, and a `signal` is an `AbortSignal`. The caller checks an option that is `checked elsewhere` itself.
 */
export type OptionKind =
  | 'function'
  | 'boolean'
  | 'string'
  | 'array'
  | 'whole number'
  | 'milliseconds'
  | 'clock'
  | 'signal'
  | 'checked elsewhere'

/**
 * Checks the options passed to an engine or an adapter; for authors of either. They must be an object, every name must be
 * known (a misspelled option would be ignored silently), and every value must be of its kind. An undefined option counts
 * as absent.
 *
 * @param owner The function that takes the options, such as `redisEngine`.
 * @param kinds Every option of that function, and its kind.
 * @throws {InvalidSettingError} when an option is unknown or invalid. The message names the option and the remedy, and
 *   never quotes the value.
 *
 * @example
 * checkOptions('fooEngine', options, { keyPrefix: 'string', timeout: 'milliseconds', clock: 'clock' })
 */
export function checkOptions<Options extends object>(
  owner: string,
  options: Options,
  kinds: { readonly [Name in keyof Options]-?: OptionKind },
): void {
  const known: Readonly<Record<string, OptionKind>> = kinds
  const names = Object.keys(known)
  if (!isObject(options)) {
    throw new InvalidSettingError(
      'options',
      `of ${owner} must be an object; valid names are ${names.join(', ')}.`,
    )
  }
  refuseUnknown(options, names, `an option of ${owner}`)
  for (const [name, kind] of Object.entries(known)) checkKind(name, options[name], kind)
}

/** Throws if a value is given and not of that kind. */
export function checkKind(name: string, value: unknown, kind: OptionKind): void {
  if (value === undefined || kind === 'checked elsewhere') return
  const { test, must } = KINDS[kind]
  if (!test(value)) throw new InvalidSettingError(name, `must ${must}.`)
}

interface Kind {
  readonly test: (value: unknown) => boolean
  readonly must: string
}

const KINDS: Readonly<Record<Exclude<OptionKind, 'checked elsewhere'>, Kind>> = {
  function: { test: (value) => typeof value === 'function', must: 'be a function' },
  boolean: { test: (value) => typeof value === 'boolean', must: 'be true or false' },
  string: { test: (value) => typeof value === 'string', must: 'be a string' },
  array: { test: Array.isArray, must: 'be an array' },
  'whole number': {
    test: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 1,
    must: 'be a whole number, 1 or more',
  },
  milliseconds: {
    test: (value) => typeof value === 'number' && value > 0,
    must: 'be a positive number of milliseconds; Infinity waits forever',
  },
  clock: { test: (value) => hasMethods(value, 'now'), must: 'have a method `now`' },
  signal: { test: (value) => hasMethods(value, 'throwIfAborted'), must: 'be an AbortSignal' },
}

/**
 * Throws if an object has a property that is not a known option.
 *
 * @param remedies What to write instead, keyed by the name with its prefix.
 */
export function refuseUnknown(
  given: object,
  known: readonly string[],
  kind: string,
  {
    prefix = '',
    remedies = {},
  }: { prefix?: string; remedies?: Readonly<Record<string, string>> } = {},
): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const setting = prefix + unknown
  const remedy = Object.hasOwn(remedies, setting)
    ? remedies[setting]
    : `valid names are ${known.join(', ')}`
  throw new InvalidSettingError(setting, `is not ${kind}: ${remedy}.`)
}

/** Throws if a value is given and lacks one of these methods. */
export function requireMethods(setting: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return
  const missing = methods.find((name) => !hasMethods(value, name))
  if (missing !== undefined)
    throw new InvalidSettingError(setting, `must have a method \`${missing}\`.`)
}

/**
 * Whether a value has all these methods; for engines, which check that they were passed a client of their driver. The value
 * may also be a function or a class: `Date` has a `now`.
 */
export function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  if (!isObject(value) && typeof value !== 'function') return false
  return names.every((name) => typeof Reflect.get(value, name) === 'function')
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
