import { describe } from 'vitest'
import { sentinels } from './clients.ts'
import { describeClient } from './describe-client.ts'
import { serviceUrl } from './services.ts'

describe.each(['ioredis 6', 'ioredis 5'])('behind a sentinel', (name) => {
  const connect = sentinels[name]
  if (connect) describeClient(name, connect, () => serviceUrl('redis-sentinel'))
})
