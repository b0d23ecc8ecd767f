import { memoryEngine } from '@sessions/memory'
import { describeEngine } from '@sessions/testing'
import { cachedDbEngine } from '../src/index.ts'
import { testFile } from './test-file.ts'

describeEngine('cachedDbEngine, memory before SQLite', {
  clearExpired: true,
  find: true,
  open: async ({ clock }) => {
    const file = testFile(clock)
    const cache = memoryEngine({ clock, sweepInterval: 0 })
    return {
      engine: cachedDbEngine({ cache, db: await file.connect(), clock }),
      peer: cachedDbEngine({ cache, db: await file.connect(), clock }),
      close: file.remove,
    }
  },
})
