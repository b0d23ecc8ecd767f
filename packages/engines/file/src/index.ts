export { fileEngine } from './file-engine.ts'
export type { FileEngine, FileEngineOptions } from './file-engine.ts'
