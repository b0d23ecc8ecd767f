import type { MaybePromise, SessionEngine } from '@sessions/core'

/** Wraps a call of an engine, such as `load`, which `run` executes. */
export type Around = <Answer>(call: string, run: () => MaybePromise<Answer>) => Promise<Answer>

/** The same engine with a wrapper around each call. */
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
