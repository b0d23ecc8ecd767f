import { memoryEngine } from '@sessions/memory'
import { describeEngine } from '@sessions/testing'

describeEngine('the memory engine, as published', {
  clearExpired: true,
  find: true,
  open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
})
