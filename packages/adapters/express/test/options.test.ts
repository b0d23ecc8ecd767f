import { sessions } from '@sessions/express'
import { memoryEngine } from '@sessions/memory'
import { expect, it } from 'vitest'

it.each<[options: unknown, message: RegExp]>([
  [{ eagre: true }, /^eagre is not an option of sessions: valid names are eager\./],
  [{ eager: 'no' }, /^eager must be true or false/],
  [{ https: () => true }, /^https is not an option of sessions/],
])('sessions() refuses the options %o', (options, message) => {
  expect(() => sessions({ engine: memoryEngine() }, options as object)).toThrow(message)
})
