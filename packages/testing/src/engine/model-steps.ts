import type { Saved, SessionRecord } from '@sessions/core'
import { expect } from 'vitest'
import { expectDeadline, type EngineContext } from './context.ts'

/** One call, or a jump in time. */
export interface Step {
  readonly call:
    | 'load'
    | 'exists'
    | 'create'
    | 'save'
    | 'touch'
    | 'delete'
    | 'clearExpired'
    | 'pass'
  /** The index of the id. */
  readonly slot: number
  /** Which version the call passes. */
  readonly version: 'none' | 'current' | 'former'
  /** Units of time to advance, or half the lifetime of the record to write. */
  readonly units: number
  readonly userId: string | null
}

/** A record in the Map. */
interface Known {
  readonly data: string
  readonly expiresAt: number
  readonly version: string
  readonly userId: string | null
}

/** A plain Map that goes through the same calls as the engine. */
export interface Model {
  readonly context: EngineContext
  readonly ids: readonly string[]
  readonly records: Map<string, Known>
  /** The version before the current one, by id. */
  readonly former: Map<string, string>
}

/** An empty model with three new ids. */
export function modelOf(context: EngineContext): Model {
  const ids = [context.id(), context.id(), context.id()]
  return { context, ids, records: new Map(), former: new Map() }
}

/** Carries out a step on the engine and on the Map, and expects the same result. */
export async function play(model: Model, step: Step, data: string): Promise<void> {
  const { engine, advance, granularity, still } = model.context
  const id = model.ids[step.slot] ?? ''
  switch (step.call) {
    case 'load':
      return load(model, id)
    case 'exists':
      return expect(await engine.exists(id), 'exists').toBe((await live(model, id)) !== undefined)
    case 'create':
      return create(model, id, step, data)
    case 'save':
      return save(model, id, step, data)
    case 'touch':
      return touch(model, id, step)
    case 'delete':
      return remove(model, id, step)
    case 'clearExpired':
      await engine.clearExpired?.({ batchSize: 2 })
      return
    case 'pass':
      if (still) await advance(step.units * unitOf(granularity))
  }
}

/** Loads and finds everything in the engine, and expects what the Map holds. */
export async function compare(model: Model): Promise<void> {
  const { engine } = model.context
  for (const id of model.ids) await load(model, id)
  if (!engine.find) return
  for (const userId of ['ada', 'bob']) {
    const found: string[] = []
    for await (const { id } of engine.find('userId', userId)) {
      if (model.ids.includes(id)) found.push(id)
    }
    const known: string[] = []
    for (const id of model.ids) {
      if ((await live(model, id))?.userId === userId) known.push(id)
    }
    expect(found.toSorted(), `ids of find('userId', '${userId}')`).toEqual(known)
  }
}

async function load(model: Model, id: string): Promise<void> {
  const { engine, granularity } = model.context
  const known = await live(model, id)
  const loaded = await engine.load(id)
  expect(loaded?.data, 'data of load').toBe(known?.data)
  expect(loaded?.version, 'version of load').toBe(known?.version)
  expect(await engine.exists(id), 'exists').toBe(known !== undefined)
  if (!known || !loaded) return
  expectDeadline(loaded, known.expiresAt, granularity)
}

async function create(model: Model, id: string, step: Step, data: string): Promise<void> {
  const known = await live(model, id)
  const next = { data, userId: step.userId, expiresAt: await deadline(model, step) }
  const created = await model.context.engine.create(id, recordOf(next))
  expect(created.status, 'status of create').toBe(known ? 'taken' : 'saved')
  if (created.status === 'saved') keep(model, id, { ...next, version: created.version })
}

async function save(model: Model, id: string, step: Step, data: string): Promise<void> {
  const known = await live(model, id)
  const version = versionOf(model, id, step)
  const next = { data, userId: step.userId, expiresAt: await deadline(model, step) }
  const saved = await model.context.engine.save(id, recordOf(next), version)
  expect(saved.status, 'status of save').toBe(expected(known, version))
  if (saved.status !== 'saved') return
  if (known?.data !== data) {
    expect(saved.version, 'version after new data').not.toBe(known?.version)
  }
  keep(model, id, { ...next, version: saved.version })
}

async function touch(model: Model, id: string, step: Step): Promise<void> {
  const known = await live(model, id)
  const version = versionOf(model, id, step)
  const { data, userId } = known ?? { data: 'touched', userId: step.userId }
  const next = { data, userId, expiresAt: await deadline(model, step) }
  const touched = await model.context.engine.touch(id, recordOf(next), version)
  expect(touched.status, 'status of touch').toBe(expected(known, version))
  if (touched.status === 'saved') keep(model, id, { ...next, version: touched.version })
}

async function remove(model: Model, id: string, step: Step): Promise<void> {
  const known = await live(model, id)
  const version = versionOf(model, id, step)
  const status = expected(known, version)
  expect(await model.context.engine.delete(id, version), 'result of delete').toBe(
    status === 'saved' ? 'deleted' : status,
  )
  if (status !== 'saved') return
  model.former.set(id, known?.version ?? '')
  model.records.delete(id)
}

async function live({ records, context }: Model, id: string): Promise<Known | undefined> {
  const known = records.get(id)
  return known && known.expiresAt > (await context.now()) ? known : undefined
}

function keep({ records, former }: Model, id: string, known: Known): void {
  const last = records.get(id)
  if (last) former.set(id, last.version)
  records.set(id, known)
}

function recordOf({ data, expiresAt, userId }: Omit<Known, 'version'>): SessionRecord {
  return { data, expiresAt, attributes: { userId } }
}

function versionOf({ records, former }: Model, id: string, { version }: Step): string | undefined {
  if (version === 'none') return undefined
  return (version === 'current' ? records.get(id)?.version : former.get(id)) ?? 'unknown'
}

function expected(known: Known | undefined, version: string | undefined): Saved['status'] {
  if (!known) return 'missing'
  return version === undefined || version === known.version ? 'saved' : 'conflict'
}

/** With a coarse clock, a deadline stays more than one granularity away from any moment the case moves to. */
async function deadline({ context }: Model, { units }: Step): Promise<number> {
  const { granularity, still } = context
  const offset = granularity === 1 ? 0 : 2 * granularity
  const life = still ? 2 * units * unitOf(granularity) + offset : 3_600_000
  return (await context.now()) + life
}

function unitOf(granularity: number): number {
  return granularity === 1 ? 1 : 4 * granularity
}
