import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { startLoader } from '../src/http/loader.ts'

const request = { connections: 1, path: '/', withCookie: false, requests: 1 }

test('an order is rejected if a process exits before it has carried it out, and so are later ones', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  const connected = once(silent, 'connection')
  await once(silent, 'listening')
  const order = { ...request, port: (silent.address() as AddressInfo).port }
  const loader = await startLoader(1)

  const asked = loader.ask(order)
  await connected
  // The process exits when it is disconnected.
  loader.close()
  await expect(asked).rejects.toThrow('has exited')
  await expect(loader.ask(order)).rejects.toThrow('has exited')

  silent.close()
})
