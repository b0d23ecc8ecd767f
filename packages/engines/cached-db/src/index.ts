export { cachedDbEngine } from './cached-db-engine.ts'
export type { CachedDbEngine, CachedDbEngineOptions } from './cached-db-engine.ts'
