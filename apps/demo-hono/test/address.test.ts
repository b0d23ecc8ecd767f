import { describe, expect, it } from 'vitest'
import { explain, readAddress } from '../src/address.ts'

describe('readAddress', () => {
  it('is port 3000 of this machine', () => {
    expect(readAddress([], {})).toEqual({ hostname: '127.0.0.1', port: 3000 })
  })

  it('takes the environment, and options before it', () => {
    const env = { PORT: '4000', HOST: '0.0.0.0' }

    expect(readAddress([], env)).toEqual({ hostname: '0.0.0.0', port: 4000 })
    expect(readAddress(['--port', '5000', '--host', '::1'], env)).toEqual({
      hostname: '::1',
      port: 5000,
    })
  })

  it.each(['abc', '-1', '65536', '3000.5', '1e3'])('refuses port %s', (port) => {
    expect(() => readAddress([], { PORT: port })).toThrow(`Port ${port} does not exist`)
  })
})

describe('explain', () => {
  const address = { hostname: '127.0.0.1', port: 3000 }

  it('says that a port is taken, and what to do', () => {
    const error = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' })

    expect(explain(error, address)).toBe(
      'Port 3000 is taken: stop what listens there, or choose another: npm start -- --port 3001',
    )
  })
})
