import { describe, expect, it } from 'vitest'
import { frameworks, readOptions } from '../src/index.ts'

const namesOf = (args: string[]): readonly string[] =>
  readOptions(args, {}).frameworks.map(({ name }) => name)

describe('readOptions', () => {
  it('is every demo for this machine alone, from port 3000 on', () => {
    expect(readOptions([], {})).toEqual({
      hostname: '127.0.0.1',
      port: 3000,
      frameworks,
      engine: undefined,
      engineUrl: undefined,
    })
  })

  it('takes the environment, and options before it', () => {
    const env = { PORT: '4000', HOST: '0.0.0.0' }

    expect(readOptions([], env)).toMatchObject({ hostname: '0.0.0.0', port: 4000 })
    expect(readOptions(['--port', '5000', '--host', '::1'], env)).toMatchObject({
      hostname: '::1',
      port: 5000,
    })
  })

  it.each(['abc', '-1', '65536', '65535', '3000.5', '1e3'])('refuses port %s', (port) => {
    expect(() => readOptions([], { PORT: port })).toThrow(`Port ${port} cannot be the first one`)
  })

  it('serves only the demos that are named, in a list or one by one', () => {
    expect(namesOf(['--only', 'express'])).toEqual(['express'])
    expect(namesOf(['--only', 'Koa,hono'])).toEqual(['hono', 'koa'])
    expect(namesOf(['--only', 'koa', '--only', 'hono'])).toEqual(['hono', 'koa'])
  })

  it('says which demos there are where it is asked for another one', () => {
    expect(() => namesOf(['--only', 'rails'])).toThrow(
      /There is no demo called rails. There are: hono, koa, express/,
    )
  })

  it('hands the engine and its URL on', () => {
    expect(readOptions(['--engine', 'redis', '--engine-url', 'redis://host'], {})).toMatchObject({
      engine: 'redis',
      engineUrl: 'redis://host',
    })
  })
})
