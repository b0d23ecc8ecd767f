import type { MaybePromise, SessionEngine } from '@sessions/core'

/** What happens around each call of an engine, such as `load`, when `run` carries it out. */
export type Around = <Answer>(call: string, run: () => MaybePromise<Answer>) => Promise<Answer>

/** The same engine, by way of something that happens around each call. */
export function around(engine: SessionEngine, name: string, how: Around): SessionEngine {
  return {
    name,
    load: (id) => how('load', () => engine.load(id)),
    exists: (id) => how('exists', () => engine.exists(id)),
    create: (id, record) => how('create', () => engine.create(id, record)),
    save: (id, record, version) => how('save', () => engine.save(id, record, version)),
    touch: (id, record, version) => how('touch', () => engine.touch(id, record, version)),
    delete: (id, version) => how('delete', () => engine.delete(id, version)),
  }
}
