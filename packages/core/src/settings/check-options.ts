import { InvalidSettingError } from '../errors.ts'

/** What an option takes: a function, true or false, a list, an object with `now()`, or what its owner checks itself. */
export type OptionKind = 'function' | 'boolean' | 'array' | 'clock' | 'checked elsewhere'

/**
 * Checks the options that an engine or an adapter is given, for those who write one: that they are an object, that there is
 * none of another name, which would be ignored, and that each is of its kind. An option that is undefined is left out.
 *
 * @param owner The function that they were given to, such as `redisEngine`.
 * @param kinds Every option that there is.
 * @throws {InvalidSettingError} where one is misused; it names the option and the remedy, and never its value.
 *
 * @example
 * checkOptions('fooEngine', options, { timeout: 'checked elsewhere', clock: 'clock' })
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
      `of ${owner} must be an object; there are ${names.join(', ')}.`,
    )
  }
  refuseUnknown(options, names, `an option of ${owner}`)
  for (const [name, kind] of Object.entries(known)) checkKind(name, options[name], kind)
}

function checkKind(name: string, value: unknown, kind: OptionKind): void {
  if (value === undefined || kind === 'checked elsewhere') return
  if (kind === 'clock') requireMethods(name, value, ['now'])
  else if (kind === 'array') {
    if (!Array.isArray(value)) throw new InvalidSettingError(name, 'takes an array.')
  } else if (typeof value !== kind) {
    throw new InvalidSettingError(
      name,
      kind === 'boolean' ? 'takes true or false.' : 'takes a function.',
    )
  }
}

/**
 * Refuses names that nobody reads.
 *
 * @param remedies What to do instead, by the name with its prefix.
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
    : `there are ${known.join(', ')}`
  throw new InvalidSettingError(setting, `is not ${kind}: ${remedy}.`)
}

/** Refuses a value without these methods. */
export function requireMethods(setting: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return
  const missing = methods.find((name) => !hasMethod(value, name))
  if (missing !== undefined)
    throw new InvalidSettingError(setting, `needs a method \`${missing}\`.`)
}

/** A class is as good as an object: `Date` has a `now`. */
export function hasMethod(value: unknown, name: string): boolean {
  if (!isObject(value) && typeof value !== 'function') return false
  return typeof (value as Record<string, unknown>)[name] === 'function'
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
