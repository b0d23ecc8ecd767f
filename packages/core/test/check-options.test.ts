import { describe, expect, it } from 'vitest'
import { checkOptions } from '../src/settings/check-options.ts'
import { InvalidSettingError } from '../src/errors.ts'

interface FooOptions {
  readonly prefix?: string | undefined
  readonly quiet?: boolean | undefined
  readonly onLoss?: (() => void) | undefined
  readonly servers?: readonly string[] | undefined
  readonly clock?: { now(): number } | undefined
}

const check = (options: unknown) => () =>
  checkOptions<FooOptions>('fooEngine', options as FooOptions, {
    prefix: 'checked elsewhere',
    quiet: 'boolean',
    onLoss: 'function',
    servers: 'array',
    clock: 'clock',
  })

const NAMES = 'prefix, quiet, onLoss, servers, clock'

describe('checkOptions', () => {
  it.each<[options: unknown, message: string]>([
    [null, `options of fooEngine must be an object; there are ${NAMES}.`],
    [undefined, `options of fooEngine must be an object; there are ${NAMES}.`],
    ['prefix', `options of fooEngine must be an object; there are ${NAMES}.`],
    [() => ({}), `options of fooEngine must be an object; there are ${NAMES}.`],
    [{ prefx: 'a' }, `prefx is not an option of fooEngine: there are ${NAMES}.`],
    [{ prefx: undefined }, `prefx is not an option of fooEngine: there are ${NAMES}.`],
    [{ toString: 1 }, `toString is not an option of fooEngine: there are ${NAMES}.`],
    [{ quiet: 'no' }, 'quiet takes true or false.'],
    [{ quiet: null }, 'quiet takes true or false.'],
    [{ onLoss: console }, 'onLoss takes a function.'],
    [{ onLoss: true }, 'onLoss takes a function.'],
    [{ servers: 'one' }, 'servers takes an array.'],
    [{ clock: {} }, 'clock needs a method `now`.'],
    [{ clock: () => 0 }, 'clock needs a method `now`.'],
    [{ clock: null }, 'clock needs a method `now`.'],
  ])('refuses %o', (options, message) => {
    expect(check(options)).toThrow(InvalidSettingError)
    expect(check(options)).toThrow(message)
  })

  it('leaves to its owner what an option may be besides', () => {
    expect(check({ prefix: 5 })).not.toThrow()
  })

  it.each([
    {},
    {
      prefix: undefined,
      quiet: undefined,
      onLoss: undefined,
      servers: undefined,
      clock: undefined,
    },
    { prefix: '', quiet: false, onLoss() {}, servers: [], clock: Date },
    Object.create({ quiet: true }),
  ])('takes %o', (options) => {
    expect(check(options)).not.toThrow()
  })

  it('quotes no value', () => {
    for (const name of ['quiet', 'onLoss', 'servers', 'clock', 'other']) {
      expect(check({ [name]: 'hunter2' })).not.toThrow('hunter2')
    }
    expect(check('hunter2')).not.toThrow('hunter2')
  })

  it('names the option at fault', () => {
    expect(check({ prefx: 1 })).toThrow(expect.objectContaining({ setting: 'prefx' }))
    expect(check({ quiet: 1 })).toThrow(expect.objectContaining({ setting: 'quiet' }))
  })
})
