import { describe, expect, it } from 'vitest'
import { frameworks, readOptions } from '../src/index.ts'

const namesOf = (args: string[]): readonly string[] =>
  readOptions(args, {}).frameworks.map(({ name }) => name)

describe('readOptions', () => {
  it('defaults to every demo on the loopback address, from port 3000 on', () => {
    expect(readOptions([], {})).toEqual({
      hostname: '127.0.0.1',
      port: 3000,
      frameworks,
      engine: undefined,
      engineUrl: undefined,
    })
  })

  it('reads PORT and HOST, which --port and --host override', () => {
    const env = { PORT: '4000', HOST: '0.0.0.0' }

    expect(readOptions([], env)).toMatchObject({ hostname: '0.0.0.0', port: 4000 })
    expect(readOptions(['--port', '5000', '--host', '::1'], env)).toMatchObject({
      hostname: '::1',
      port: 5000,
    })
  })

  it.each(['abc', '-1', '65536', '65535', '3000.5', '1e3'])('rejects port %s', (port) => {
    expect(() => readOptions([], { PORT: port })).toThrow(`Port ${port} cannot be the first port`)
  })

  it('selects demos by --only, as a list or repeated', () => {
    expect(namesOf(['--only', 'express'])).toEqual(['express'])
    expect(namesOf(['--only', 'Koa,hono'])).toEqual(['hono', 'koa'])
    expect(namesOf(['--only', 'koa', '--only', 'hono'])).toEqual(['hono', 'koa'])
  })

  it('lists the demos if --only names an unknown one', () => {
    expect(() => namesOf(['--only', 'rails'])).toThrow(
      /Unknown value for --only: rails. Choose from: hono, koa, express/,
    )
  })

  it('reads the engine and its URL', () => {
    expect(readOptions(['--engine', 'redis', '--engine-url', 'redis://host'], {})).toMatchObject({
      engine: 'redis',
      engineUrl: 'redis://host',
    })
  })
})
