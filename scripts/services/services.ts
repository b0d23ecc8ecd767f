import { memcached } from './memcached.ts'
import { mysql } from './mysql.ts'
import { postgres } from './postgres.ts'
import { redis, redisCluster, redisSentinel } from './redis.ts'
import type { Service } from './service.ts'

/** The names of the available servers. */
export type ServiceName =
  | 'postgres'
  | 'mysql'
  | 'redis'
  | 'redis-cluster'
  | 'redis-sentinel'
  | 'memcached'

/** The servers that tests and `npm run serve` can use. */
export const services: Readonly<Record<ServiceName, Service>> = {
  postgres,
  mysql,
  redis,
  'redis-cluster': redisCluster,
  'redis-sentinel': redisSentinel,
  memcached,
}
