import { join } from 'node:path'
import { describeEngine } from '@sessions/testing'
import { fileEngine } from '../src/index.ts'
import { testDirectory } from './store.ts'

describeEngine('fileEngine', {
  clearExpired: true,
  find: false,
  open: ({ clock }) => {
    const { path, remove } = testDirectory()
    const directory = join(path, 'sessions')
    const engine = fileEngine({ directory, clock })
    return { engine, peer: fileEngine({ directory, clock }), close: remove }
  },
})
