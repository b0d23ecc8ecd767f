import type { LoadedRecord, SessionEngine, SessionRecord } from '@sessions/core'

/** A call of the engine about one record. */
export interface Call {
  readonly operation: 'load' | 'create' | 'save' | 'touch' | 'delete'
  /** The record passed to create, save or touch. */
  readonly record: SessionRecord
  /** The version passed to save, touch or delete, if any. */
  readonly version: string | undefined
}

/** What a call returned: its status, with the loaded record or the version written. */
export interface Answer extends Partial<LoadedRecord> {
  readonly status: string
}

/** What is stored under an id; undefined if nothing is. */
export type Stored = Pick<LoadedRecord, 'data' | 'expiresAt' | 'version'> | undefined

/** Makes a call. */
export async function make(call: Call, engine: SessionEngine, id: string): Promise<Answer> {
  const { operation, record, version } = call
  switch (operation) {
    case 'load': {
      const loaded = await engine.load(id)
      return { ...loaded, status: loaded ? 'loaded' : 'missing' }
    }
    case 'create':
      return engine.create(id, record)
    case 'save':
      return engine.save(id, record, version)
    case 'touch':
      return engine.touch(id, record, version)
    case 'delete':
      return { status: await engine.delete(id, version) }
  }
}

/** The state after a call that returned `answer`; an empty list if the call could not have returned that. */
export function statesAfter(
  stored: Stored,
  { operation, record, version }: Call,
  answer: Answer,
): readonly Stored[] {
  if (answer.status !== statusOf(stored, operation, version)) return []
  const { data, expiresAt } = record
  switch (answer.status) {
    case 'loaded':
      return answer.data === stored?.data && answer.version === stored?.version ? [stored] : []
    case 'deleted':
      return [undefined]
    case 'saved': {
      const kept = operation === 'touch' ? stored?.data : undefined
      return [{ data: kept ?? data, expiresAt, version: answer.version ?? '' }]
    }
    default:
      return [stored]
  }
}

const done = { load: 'loaded', create: 'saved', save: 'saved', touch: 'saved', delete: 'deleted' }

function statusOf(
  stored: Stored,
  operation: Call['operation'],
  version: string | undefined,
): string {
  if (operation === 'create') return stored ? 'taken' : 'saved'
  if (!stored) return 'missing'
  return version === undefined || version === stored.version ? done[operation] : 'conflict'
}
