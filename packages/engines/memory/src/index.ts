export { memoryEngine } from './memory-engine.ts'
export type { MemoryEngine, MemoryEngineOptions } from './memory-engine.ts'
