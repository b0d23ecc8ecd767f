import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { memoryEngine } from '@sessions/memory'
import { describe, expect, it, onTestFinished } from 'vitest'
import { explain, serveDemos } from '../src/index.ts'

describe('explain', () => {
  it('names the process that holds a port, and the remedy', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo

    const served = serveDemos({
      engine: memoryEngine(),
      store: 'memory',
      hostname: '127.0.0.1',
      port,
    })
    const error = await served.catch((reason: unknown) => reason)

    const text = await explain(error)
    expect(text).toMatch(`Port ${port} is taken by process ${process.pid} (`)
    expect(text).toMatch(`npm start -- --port ${port + 100}`)
  })

  it('suggests a higher port if a low one may not be used', async () => {
    const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES', port: 80 })

    expect(await explain(error)).toContain('choose one above 1023')
  })

  it('returns the message of any other error', async () => {
    expect(await explain(new Error('The disk is full.'))).toBe('The disk is full.')
  })
})
