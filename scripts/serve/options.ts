import { parseArgs, type ParseArgsConfig } from 'node:util'
import {
  flagName,
  flagsToSettings,
  referenceFlags,
  type ReferenceFlags,
} from '../../packages/testing/src/reference-app.ts'

/** The parsed arguments of `npm run serve`. */
export interface ServeOptions {
  readonly adapter: string
  readonly engine: string
  readonly engineUrl: string | undefined
  readonly engineDelay: number
  readonly engineFail: readonly string[]
  /** 0 for any free port. */
  readonly port: number
  readonly flags: ReferenceFlags
}

const settingFlags = Object.fromEntries(
  Object.entries(referenceFlags).map(([setting, kind]) => [
    flagName(setting),
    { type: kind === 'switch' ? 'boolean' : 'string' } as const,
  ]),
)

const options: NonNullable<ParseArgsConfig['options']> = {
  adapter: { type: 'string' },
  engine: { type: 'string' },
  port: { type: 'string' },
  'engine-url': { type: 'string' },
  'engine-delay': { type: 'string' },
  'engine-fail': { type: 'string', multiple: true },
  ...settingFlags,
}

/** Printed without arguments, or after an unknown one. */
export const usage = `npm run serve -- --adapter NAME --engine NAME [--port N] [--engine-url URL] [--engine-delay MS]
  [--engine-fail load,save] ${Object.entries(referenceFlags)
    .map(
      ([setting, kind]) =>
        `[--${flagName(setting)}${kind === 'switch' ? '' : ` ${kind.toUpperCase()}`}]`,
    )
    .join(' ')}`

/**
 * Reads the arguments of `npm run serve`.
 *
 * @throws {Error} if an argument is unknown, missing or malformed.
 */
export function parseOptions(args: readonly string[]): ServeOptions {
  const { values } = parseArgs({ args: args.flatMap(withValue), options, strict: true })
  return {
    adapter: text(values['adapter'], 'adapter'),
    engine: text(values['engine'], 'engine'),
    engineUrl: values['engine-url'] as string | undefined,
    engineDelay: wholeNumber(values['engine-delay'], 'engine-delay'),
    engineFail: lists(values['engine-fail'] as string[] | undefined),
    port: wholeNumber(values['port'], 'port'),
    flags: flagsToSettings(values as Readonly<Record<string, string | boolean | undefined>>),
  }
}

/** Expands `--cookie-secure` without a value to true: `parseArgs` has no options with an optional value. */
function withValue(arg: string, index: number, args: readonly string[]): string[] {
  const next = args[index + 1]
  const alone = arg === '--cookie-secure' && (next === undefined || next.startsWith('--'))
  return [alone ? `${arg}=true` : arg]
}

function text(value: unknown, flag: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`--${flag} is required: name the ${flag} to serve.`)
}

function wholeNumber(value: unknown, flag: string): number {
  const number = Number(value ?? 0)
  if (value !== '' && Number.isSafeInteger(number) && number >= 0) return number
  throw new Error(`--${flag} takes a whole number, not ${JSON.stringify(value)}.`)
}

function lists(values: readonly string[] = []): string[] {
  return values
    .flatMap((list) => list.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
