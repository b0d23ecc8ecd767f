import { InvalidSettingError } from '@sessions/core'
import { sessions } from '@sessions/koa'
import { memoryEngine } from '@sessions/memory'
import { describe, expect, it } from 'vitest'

const mount = (options: unknown) => () => sessions({ engine: memoryEngine() }, options as object)

describe('the options of sessions', () => {
  it.each<[options: unknown, message: RegExp]>([
    [null, /^options of sessions must be an object; there are eager\./],
    [true, /^options of sessions must be an object/],
    [{ eagre: true }, /^eagre is not an option of sessions: there are eager\./],
    [{ eager: 'no' }, /^eager takes true or false/],
    [{ eager: null }, /^eager takes true or false/],
    [{ https: () => true }, /^https is not an option of sessions: there are eager\./],
  ])('are refused where they are %o', (options, message) => {
    expect(mount(options)).toThrow(InvalidSettingError)
    expect(mount(options)).toThrow(message)
  })

  it.each([undefined, {}, { eager: undefined }, { eager: false }])(
    'are taken where they are %o',
    (options) => {
      expect(mount(options)).not.toThrow()
    },
  )
})
