export { cachedDbEngine } from './cached-db-engine.ts'
export type { CachedDbEngineOptions } from './cached-db-engine.ts'
