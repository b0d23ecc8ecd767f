export { redisEngine } from './redis-engine.ts'
export type { RedisEngine, RedisEngineOptions } from './redis-engine.ts'
export type { Ioredis, NodeRedis, RedisClient, RedisSet } from './redis-client.ts'
