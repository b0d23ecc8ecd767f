import { describe } from 'vitest'
import { clusters } from './clients.ts'
import { describeClient } from './describe-client.ts'
import { serviceUrl } from './services.ts'

describe.each(['ioredis 6', 'ioredis 5'])('a cluster', (name) => {
  const connect = clusters[name]
  if (connect) describeClient(name, connect, () => serviceUrl('redis-cluster'))
})
