import {
  type Change,
  copy,
  incremented,
  replay,
  replayed,
  same,
  type Replayed,
  type Values,
  type Value,
} from './replay-model.ts'

/** The `cookie.age` and `rotationGrace` of the model, in seconds. */
export const AGE = 100
export const GRACE = 30

/** A cookie: the session that it names, and how often its key had been rotated by then. */
interface Name {
  readonly id: number
  readonly generation: number
}

/** A session in the store. */
interface Stored {
  id: number
  values: Values
  expiry: number | undefined
  deadline: number
  version: number
  generation: number
  /** The deadlines of the rotation markers, in the order of the rotations. */
  readonly markers: number[]
}

/** A request's session. */
export interface Mine {
  stored: (Name & { version: number }) | undefined
  readonly names: Name[]
  readonly sent: boolean
  readonly rotatedAway: boolean
  base: Values
  baseExpiry: number | undefined
  readonly values: Values
  expiry: number | undefined
  log: { keys: Map<string, Change>; cleared: boolean; expirySet: boolean }
  modified: boolean
  rotated: boolean
  flushed: boolean
  left: boolean
  due: Name | 'expire' | undefined
}

const sameValues = (a: Values, b: Values): boolean => same([...a], [...b])

/** The documented behaviour of a client, its session and their store, in plain Maps. */
export class SessionModel {
  now = 0
  #ids = 0
  #versions = 0
  readonly #stored = new Map<number, Stored>()
  #jar: Name | undefined
  mine: Mine = this.open()

  open(): Mine {
    const jar = this.#jar
    const found = jar && this.#reach(jar)
    const live = found?.generation === jar?.generation ? found : undefined
    return {
      stored: live && {
        id: live.id,
        generation: live.generation,
        version: live.version,
      },
      names: jar ? [jar] : [],
      sent: jar !== undefined,
      rotatedAway: jar !== undefined && this.#isMarker(jar),
      base: copy(live?.values ?? new Map()),
      baseExpiry: live?.expiry,
      values: copy(live?.values ?? new Map()),
      expiry: live?.expiry,
      log: { keys: new Map(), cleared: false, expirySet: false },
      modified: false,
      rotated: false,
      flushed: false,
      left: false,
      due: undefined,
    }
  }

  set(mine: Mine, key: string, value: Value): void {
    mine.values.set(key, value)
    mine.log.keys.set(key, 'replaced')
    mine.modified = true
  }

  delete(mine: Mine, key: string): boolean {
    if (!mine.values.delete(key)) return false
    mine.log.keys.set(key, 'replaced')
    mine.modified = true
    return true
  }

  increment(mine: Mine, key: string): void {
    const outcome = incremented(mine.values.get(key))
    mine.values.set(key, outcome)
    const earlier = mine.log.keys.get(key)
    const counts = typeof earlier === 'object' || (earlier === undefined && !mine.log.cleared)
    const increments = (typeof earlier === 'object' ? earlier.increments : 0) + 1
    mine.log.keys.set(key, counts ? { increments, outcome } : 'replaced')
    mine.modified = true
  }

  clear(mine: Mine): void {
    mine.values.clear()
    mine.expiry = undefined
    mine.log = { keys: new Map(), cleared: true, expirySet: mine.log.expirySet }
    mine.modified = true
  }

  flush(mine: Mine): void {
    if (mine.stored) mine.names.push(mine.stored)
    this.clear(mine)
    resetLog(mine)
    Object.assign(mine, {
      stored: undefined,
      due: undefined,
      modified: true,
      flushed: true,
      left: true,
    })
  }

  setExpiry(mine: Mine, expiry: number | undefined): void {
    if (expiry === undefined && mine.expiry === undefined) return
    mine.expiry = expiry
    mine.log.expirySet = true
    mine.modified = true
  }

  cycleKey(mine: Mine): void {
    mine.modified = true
    mine.rotated = true
  }

  isEmpty(mine: Mine): boolean {
    return !mine.stored && !isFilled(mine)
  }

  /** Ends a request. Returns false if it was interrupted. */
  commit(mine: Mine, ok = true): boolean {
    if (!this.store(mine, ok, false)) return false
    if (mine.due !== undefined) this.#jar = mine.due === 'expire' ? undefined : mine.due
    return true
  }

  /** The common part of commit and save. */
  store(mine: Mine, ok: boolean, explicit: boolean): boolean {
    const filled = isFilled(mine) || (explicit && !mine.left)
    const changed = explicit || mine.modified || (ok && differs(mine))
    const wanted = ok && (changed || mine.rotated)
    const dies = wanted && (mine.expiry || AGE) <= 0
    const ends = mine.flushed || (dies && mine.stored !== undefined)
    if (ends) this.#end(mine)
    const writes = wanted && !dies && (mine.stored !== undefined || filled || mine.rotated)
    if (writes && !this.#write(mine)) return false
    const leadsNowhere = mine.stored === undefined && !filled && !mine.rotatedAway
    if (!writes && mine.sent && (ends || dies || leadsNowhere)) mine.due = 'expire'
    if (ends || writes) resetLog(mine)
    return true
  }

  #end(mine: Mine): void {
    const names = mine.flushed ? mine.names : []
    for (const name of mine.stored ? [...names, mine.stored] : names) {
      if (this.#reach(name)) this.#stored.delete(name.id)
    }
    Object.assign(mine, { stored: undefined, flushed: false, due: undefined })
  }

  #write(mine: Mine): boolean {
    mine.stored ??= this.#create()
    const record = this.#reach(mine.stored)
    if (record === undefined) return false
    if (record.generation !== mine.stored.generation) {
      if (!mine.rotated) {
        this.#writeBehind(mine, record)
        return true
      }
      mine.stored = this.#create()
      return this.#write(mine)
    }
    if (record.version !== mine.stored.version) replay(mine, record)
    if (mine.rotated && record.version !== 0) {
      record.markers.push(this.now + GRACE)
      record.generation++
    }
    this.#put(record, mine)
    const { id, generation, version } = record
    mine.stored = { id, generation, version }
    rebased(mine)
    mine.due = { id, generation }
    return true
  }

  #create(): NonNullable<Mine['stored']> {
    const id = ++this.#ids
    const fresh = { id, version: 0, generation: 0, markers: [], deadline: 0, expiry: undefined }
    this.#stored.set(id, { ...fresh, values: new Map() })
    return { id, generation: 0, version: 0 }
  }

  /** Stores the changes in a session that was rotated to another key, of which the request learns nothing. */
  #writeBehind(mine: Mine, record: Stored): void {
    this.#put(record, replayed(mine, record))
    rebased(mine)
    mine.due = undefined
  }

  #put(record: Stored, { values, expiry }: Replayed): void {
    record.version = ++this.#versions
    record.values = copy(values)
    record.expiry = expiry
    record.deadline = this.now + (expiry || AGE)
  }

  /** The live record that a name leads to, through rotation markers. */
  #reach(name: Name): Stored | undefined {
    const record = this.#stored.get(name.id)
    if (record === undefined) return undefined
    const markers = record.markers.slice(name.generation)
    // A record that is being created has no deadline yet.
    const live = record.version === 0 || record.deadline > this.now
    return live && markers.every((until) => until > this.now) ? record : undefined
  }

  #isMarker({ id, generation }: Name): boolean {
    return (this.#stored.get(id)?.markers[generation] ?? this.now) > this.now
  }
}

function isFilled(mine: Mine): boolean {
  return mine.values.size > 0 || mine.expiry !== undefined
}

function differs(mine: Mine): boolean {
  if (mine.stored === undefined) return isFilled(mine)
  return !sameValues(mine.values, mine.base) || mine.expiry !== mine.baseExpiry
}

function rebased(mine: Mine): void {
  mine.base = copy(mine.values)
  mine.baseExpiry = mine.expiry
}

function resetLog(mine: Mine): void {
  mine.log = { keys: new Map(), cleared: false, expirySet: false }
  Object.assign(mine, { modified: false, rotated: false })
}
