import type { LoadedRecord, SessionEngine, SessionRecord } from '../../src/engine/engine.ts'
import type { Hook } from './hooks.ts'

/** A minimal engine over a Map, which tests can inspect and control. */
export interface MapEngine extends SessionEngine {
  /** The stored records, by id. */
  readonly records: Map<string, LoadedRecord>
  /** The names of the methods called, in order. */
  readonly calls: string[]
}

export interface MapEngineOptions {
  readonly now: () => number
  /** Awaited before each call, for example a gate or a failure. */
  readonly before?: Hook
  /** Records to share between engines that stand for several processes. */
  readonly records?: Map<string, LoadedRecord>
}

let versions = 0

export function mapEngine(options: MapEngineOptions): MapEngine {
  const { now, before = () => {}, records = new Map<string, LoadedRecord>() } = options
  const calls: string[] = []

  const live = (id: string): LoadedRecord | undefined => {
    const record = records.get(id)
    return record !== undefined && record.expiresAt > now() ? record : undefined
  }
  const write = (id: string, record: SessionRecord): { status: 'saved'; version: string } => {
    const version = String(++versions)
    const { data, expiresAt, attributes } = record
    records.set(id, {
      data,
      expiresAt,
      version,
      ...(attributes && { attributes: { ...attributes } }),
    })
    return { status: 'saved', version }
  }
  const enter = async (operation: string): Promise<void> => {
    calls.push(operation)
    await before(operation)
  }
  const update: SessionEngine['save'] = (id, record, version) => {
    const current = live(id)
    if (current === undefined) return { status: 'missing' }
    if (version !== undefined && version !== current.version) return { status: 'conflict' }
    return write(id, record)
  }

  return {
    name: 'map',
    records,
    calls,
    async load(id) {
      await enter('load')
      return live(id)
    },
    async exists(id) {
      await enter('exists')
      return live(id) !== undefined
    },
    async create(id, record) {
      await enter('create')
      return live(id) === undefined ? write(id, record) : { status: 'taken' }
    },
    async save(id, record, version) {
      await enter('save')
      return update(id, record, version)
    },
    async touch(id, record, version) {
      await enter('touch')
      return update(id, record, version)
    },
    async delete(id, version) {
      await enter('delete')
      const current = live(id)
      if (current === undefined) return 'missing'
      if (version !== undefined && version !== current.version) return 'conflict'
      records.delete(id)
      return 'deleted'
    },
    async *find(attribute, value) {
      calls.push('find')
      for (const [id, { attributes, expiresAt }] of records) {
        if (attributes?.[attribute] === value && live(id)) yield { id, expiresAt }
      }
    },
    async clearExpired() {
      const dead = [...records.keys()].filter((id) => live(id) === undefined)
      for (const id of dead) records.delete(id)
      return dead.length
    },
  }
}
