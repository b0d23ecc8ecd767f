import type { SessionEngine } from '@sessions/core'

/** The same engine, which also notes the ids that it creates, so that they can be deleted: the store may outlive the run. */
export function noting(ids: Set<string>, engine: SessionEngine): SessionEngine {
  return {
    ...engine,
    create(id, record) {
      ids.add(id)
      return engine.create(id, record)
    },
  }
}
