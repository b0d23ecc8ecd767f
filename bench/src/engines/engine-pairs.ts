import type { SessionEngine, SessionRecord } from '@sessions/core'
import { payload } from '../contenders/payload.ts'
import { LANES, type Call, type Pair } from './pair.ts'

const texts = [payload, { ...payload, views: payload.views + 1 }].map((data) =>
  JSON.stringify(data),
)
let saves = 0

/** The text that is saved next: another one each time, since nobody saves what is stored already. */
export const nextText = (): string => texts[(saves += 1) % 2] ?? ''

/** What the bare client does: it reads and replaces the text of a lane's key. */
export interface BareClient {
  readonly by: string
  readonly get: Call
  readonly update: Call
}

/** A day from now. */
export const deadline = (): number => Date.now() + 86_400_000

/** The id of a lane, as long as core's are. */
const idOf = (lane: number): string => lane.toString(16).padStart(64, '0')

/** That of what the bare client reads and replaces. */
export const bareIdOf = (lane: number): string => lane.toString(16).padStart(64, 'b')

const record = (): SessionRecord => ({ data: nextText(), expiresAt: deadline() })

/** Loading and saving by an engine beside the bare client's get and update. */
export async function enginePairs(
  engine: SessionEngine,
  { by, get, update }: BareClient,
): Promise<readonly Pair[]> {
  const versions: string[] = []
  for (let lane = 0; lane < LANES; lane++) {
    await engine.delete(idOf(lane))
    await engine.create(bareIdOf(lane), record())
    const created = await engine.create(idOf(lane), record())
    if (created.status === 'saved') versions[lane] = created.version
  }
  const save: Call = (lane) => {
    const saved = engine.save(idOf(lane), record(), versions[lane])
    if (saved instanceof Promise) return saved.then((answer) => keep(lane, answer))
    return keep(lane, saved)
  }
  const keep = (lane: number, saved: Awaited<ReturnType<SessionEngine['save']>>): void => {
    if (saved.status !== 'saved') throw new Error(`A save was answered ${saved.status}.`)
    versions[lane] = saved.version
  }
  return [
    { job: 'load', by, bare: get, engine: (lane) => engine.load(idOf(lane)), limit: 1.3 },
    { job: 'save', by, bare: update, engine: save, limit: 1.4 },
  ]
}
