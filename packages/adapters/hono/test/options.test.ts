import { InvalidSettingError } from '@sessions/core'
import { sessions } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { describe, expect, it } from 'vitest'

const mount = (options: unknown) => () => sessions({ engine: memoryEngine() }, options as object)

describe('the options of sessions', () => {
  it.each<[options: unknown, message: RegExp]>([
    [null, /^options of sessions must be an object; there are eager, https\./],
    [true, /^options of sessions must be an object/],
    [{ eagre: true }, /^eagre is not an option of sessions: there are eager, https\./],
    [{ eager: 'no' }, /^eager takes true or false/],
    [{ eager: null }, /^eager takes true or false/],
    [{ https: true }, /^https takes a function/],
    [{ https: 'x-forwarded-proto' }, /^https takes a function/],
  ])('are refused where they are %o', (options, message) => {
    expect(mount(options)).toThrow(InvalidSettingError)
    expect(mount(options)).toThrow(message)
  })

  it.each([undefined, {}, { eager: undefined }, { eager: false }, { https: () => true }])(
    'are taken where they are %o',
    (options) => {
      expect(mount(options)).not.toThrow()
    },
  )
})
