import { sessions } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { expect, it } from 'vitest'

it.each<[options: unknown, message: RegExp]>([
  [{ eagre: true }, /^eagre is not an option of sessions: valid names are eager, https\./],
  [{ eager: 'no' }, /^eager must be true or false/],
  [{ https: true }, /^https must be a function/],
])('sessions() refuses the options %o', (options, message) => {
  expect(() => sessions({ engine: memoryEngine() }, options as object)).toThrow(message)
})
