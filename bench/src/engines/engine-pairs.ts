import type { SessionEngine, SessionRecord } from '@sessions/core'
import { payload } from '../contenders/payload.ts'
import { LANES, type Call, type Pair } from './pair.ts'

const texts = [payload, { ...payload, views: payload.views + 1 }].map((data) =>
  JSON.stringify(data),
)
let saves = 0

/** The text to save next, different from call to call: core never saves an unchanged text. */
export const nextText = (): string => texts[(saves += 1) % 2] ?? ''

/** A bare client's calls, which read and replace the text of a lane. */
export interface BareClient {
  readonly by: string
  readonly get: Call
  readonly update: Call
}

/** A deadline one day from now, in epoch milliseconds. */
export const deadline = (): number => Date.now() + 86_400_000

/** The id of a lane's session, as long as core's ids. */
const idOf = (lane: number): string => lane.toString(16).padStart(64, '0')

/** The id that the bare client uses for a lane. */
export const bareIdOf = (lane: number): string => lane.toString(16).padStart(64, 'b')

const record = (): SessionRecord => ({ data: nextText(), expiresAt: deadline() })

/** Compares an engine's load and save with the bare client's get and update. */
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
    if (saved instanceof Promise) return saved.then((answer) => keepVersion(lane, answer))
    return keepVersion(lane, saved)
  }
  const keepVersion = (lane: number, saved: Awaited<ReturnType<SessionEngine['save']>>): void => {
    if (saved.status !== 'saved')
      throw new Error(`The engine answered a save with ${saved.status}.`)
    versions[lane] = saved.version
  }
  return [
    { job: 'load', by, bare: get, engine: (lane) => engine.load(idOf(lane)), limit: 1.3 },
    { job: 'save', by, bare: update, engine: save, limit: 1.4 },
  ]
}
