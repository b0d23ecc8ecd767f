import { expect, test } from 'vitest'
import { parseOptions } from '../src/options.ts'

const known = ['http', 'engines', 'growth']

test('without arguments all sections run, in full', () => {
  expect(parseOptions([], known)).toEqual({
    quick: false,
    only: [],
    scenarios: [],
    runs: undefined,
    names: known,
    out: undefined,
  })
})

test('lists may be given in one or in several, and sections keep their order', () => {
  const args = ['--sections', 'growth,http', '--only=koa, hono', '--only', 'memory', '--runs', '5']
  expect(parseOptions(args, known)).toMatchObject({
    names: ['http', 'growth'],
    only: ['koa', 'hono', 'memory'],
    runs: 5,
  })
})

test.each([
  [['--sections', 'htp'], 'No section is called htp. There are: http, engines, growth.'],
  [['--runs', '0'], '--runs takes a whole number from 1, not "0".'],
  [['--fast'], "Unknown option '--fast'"],
])('%j is refused', (args, message) => {
  expect(() => parseOptions(args, known)).toThrow(message)
})
