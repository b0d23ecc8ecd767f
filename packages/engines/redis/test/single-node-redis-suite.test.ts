import { describe } from 'vitest'
import { singles } from './clients.ts'
import { describeClient } from './describe-client.ts'
import { serviceUrl } from './services.ts'

describe.each(['node-redis 6', 'node-redis 5'])('one server', (name) => {
  const connect = singles[name]
  if (connect) describeClient(name, connect, () => serviceUrl('redis'))
})
