import { expect, test } from 'vitest'
import { parseOptions } from '../src/options.ts'

const known = ['http', 'engines', 'growth']

test('without arguments, all sections run in full', () => {
  expect(parseOptions([], known)).toEqual({
    quick: false,
    only: [],
    scenarios: [],
    runs: undefined,
    names: known,
    out: undefined,
  })
})

test('options with lists may be repeated, and sections run in their own order', () => {
  const args = ['--sections', 'growth,http', '--only=koa, hono', '--only', 'memory', '--runs', '5']
  expect(parseOptions(args, known)).toMatchObject({
    names: ['http', 'growth'],
    only: ['koa', 'hono', 'memory'],
    runs: 5,
  })
})

test.each([
  [
    ['--sections', 'htp'],
    '--sections has no section named htp; the sections are http, engines, growth.',
  ],
  [['--runs', '0'], '--runs must be a whole number of at least 1, not "0".'],
  [['--fast'], "Unknown option '--fast'"],
])('the arguments %j are refused with a message that names the option', (args, message) => {
  expect(() => parseOptions(args, known)).toThrow(message)
})
