import { describe, expect, it } from 'vitest'
import { checkOptions } from '../src/check-options.ts'
import { InvalidSettingError } from '../src/errors.ts'

interface FooOptions {
  readonly prefix?: string | undefined
  readonly keep?: number | undefined
  readonly timeout?: number | undefined
  readonly format?: string | undefined
  readonly quiet?: boolean | undefined
  readonly onLoss?: (() => void) | undefined
  readonly servers?: readonly string[] | undefined
  readonly clock?: { now(): number } | undefined
  readonly signal?: AbortSignal | undefined
}

const check = (options: unknown) => () =>
  checkOptions<FooOptions>('fooEngine', options as FooOptions, {
    prefix: 'string',
    keep: 'whole number',
    timeout: 'milliseconds',
    format: 'checked elsewhere',
    quiet: 'boolean',
    onLoss: 'function',
    servers: 'array',
    clock: 'clock',
    signal: 'signal',
  })

const NAMES = 'prefix, keep, timeout, format, quiet, onLoss, servers, clock, signal'

describe('checkOptions', () => {
  it.each<[options: unknown, message: string]>([
    [null, `options of fooEngine must be an object; valid names are ${NAMES}.`],
    [undefined, `options of fooEngine must be an object; valid names are ${NAMES}.`],
    ['prefix', `options of fooEngine must be an object; valid names are ${NAMES}.`],
    [() => ({}), `options of fooEngine must be an object; valid names are ${NAMES}.`],
    [{ prefx: 'a' }, `prefx is not an option of fooEngine: valid names are ${NAMES}.`],
    [{ prefx: undefined }, `prefx is not an option of fooEngine: valid names are ${NAMES}.`],
    [{ toString: 1 }, `toString is not an option of fooEngine: valid names are ${NAMES}.`],
    [{ prefix: 5 }, 'prefix must be a string.'],
    [{ prefix: null }, 'prefix must be a string.'],
    [{ keep: 0 }, 'keep must be a whole number, 1 or more.'],
    [{ keep: 1.5 }, 'keep must be a whole number, 1 or more.'],
    [{ keep: Infinity }, 'keep must be a whole number, 1 or more.'],
    [{ keep: '5' }, 'keep must be a whole number, 1 or more.'],
    [{ timeout: 0 }, 'timeout must be a positive number of milliseconds; Infinity waits forever.'],
    [{ timeout: Number.NaN }, 'timeout must be a positive number of milliseconds'],
    [{ timeout: '5' }, 'timeout must be a positive number of milliseconds'],
    [{ timeout: null }, 'timeout must be a positive number of milliseconds'],
    [{ quiet: 'no' }, 'quiet must be true or false.'],
    [{ quiet: null }, 'quiet must be true or false.'],
    [{ onLoss: console }, 'onLoss must be a function.'],
    [{ onLoss: true }, 'onLoss must be a function.'],
    [{ servers: 'one' }, 'servers must be an array.'],
    [{ clock: {} }, 'clock must have a method `now`.'],
    [{ clock: () => 0 }, 'clock must have a method `now`.'],
    [{ clock: null }, 'clock must have a method `now`.'],
    [{ signal: new AbortController() }, 'signal must be an AbortSignal.'],
  ])('rejects %o', (options, message) => {
    expect(check(options)).toThrow(InvalidSettingError)
    expect(check(options)).toThrow(message)
  })

  it('accepts any value for an option that is checked elsewhere', () => {
    expect(check({ format: 5 })).not.toThrow()
  })

  it.each([
    {},
    {
      prefix: undefined,
      keep: undefined,
      timeout: undefined,
      format: undefined,
      quiet: undefined,
      onLoss: undefined,
      servers: undefined,
      clock: undefined,
      signal: undefined,
    },
    { prefix: '', keep: 1, timeout: Infinity, format: 'a', quiet: false, onLoss() {}, servers: [] },
    { timeout: 0.5, clock: Date, signal: AbortSignal.abort() },
    Object.create({ quiet: true }),
  ])('accepts %o', (options) => {
    expect(check(options)).not.toThrow()
  })

  it('never quotes a value', () => {
    for (const name of [
      'keep',
      'timeout',
      'quiet',
      'onLoss',
      'servers',
      'clock',
      'signal',
      'other',
    ]) {
      expect(check({ [name]: 'hunter2' })).not.toThrow('hunter2')
    }
    expect(check('hunter2')).not.toThrow('hunter2')
  })

  it('names the option at fault', () => {
    expect(check({ prefx: 1 })).toThrow(expect.objectContaining({ setting: 'prefx' }))
    expect(check({ quiet: 1 })).toThrow(expect.objectContaining({ setting: 'quiet' }))
  })
})
