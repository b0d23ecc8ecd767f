import type {
  LoadedRecord,
  MaybePromise,
  SessionEngine,
  Saved,
  SessionRecord,
} from '../../src/engine/engine.ts'
import { chain } from '../../src/steps.ts'
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
  /** Whether its methods return values and throw, instead of promises that reject. */
  readonly immediate?: boolean
}

let versions = 0

export function mapEngine(options: MapEngineOptions): MapEngine {
  const { now, before = () => {}, records = new Map<string, LoadedRecord>(), immediate } = options
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
  const answerNow = <T>(operation: string, answer: () => T): MaybePromise<T> => {
    calls.push(operation)
    return chain(before(operation), answer)
  }
  const answerLater = async <T>(operation: string, answer: () => T): Promise<T> => {
    calls.push(operation)
    await before(operation)
    return answer()
  }
  const call = immediate === true ? answerNow : answerLater
  const update = (id: string, record: SessionRecord, version?: string): Saved => {
    const current = live(id)
    if (current === undefined) return { status: 'missing' }
    if (version !== undefined && version !== current.version) return { status: 'conflict' }
    return write(id, record)
  }

  return {
    name: 'map',
    records,
    calls,
    load: (id) => call('load', () => live(id)),
    exists: (id) => call('exists', () => live(id) !== undefined),
    create: (id, record) =>
      call('create', () => (live(id) === undefined ? write(id, record) : { status: 'taken' })),
    save: (id, record, version) => call('save', () => update(id, record, version)),
    touch: (id, record, version) => call('touch', () => update(id, record, version)),
    delete: (id, version) =>
      call('delete', () => {
        const current = live(id)
        if (current === undefined) return 'missing'
        if (version !== undefined && version !== current.version) return 'conflict'
        records.delete(id)
        return 'deleted'
      }),
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
