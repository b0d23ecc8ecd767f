/** A value in the model: a number to increment, or a list to change in place. */
export type Value = number | number[]
export type Values = Map<string, Value>

/** What a request did to a key: set or deleted it, or incremented it a number of times, with the outcome. */
export type Change = 'replaced' | { readonly increments: number; readonly outcome: Value }

/** The part of a request's session that a replay changes. */
export interface Replaying {
  readonly base: Values
  readonly values: Values
  expiry: number | undefined
  readonly log: { readonly keys: ReadonlyMap<string, Change>; cleared: boolean; expirySet: boolean }
}

/** What another request stored. */
export interface Replayed {
  readonly values: Values
  readonly expiry: number | undefined
}

export const copy = (values: Values): Values => structuredClone(values)
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export function incremented(value: unknown): number {
  return (typeof value === 'number' ? value : 0) + 1
}

/** Applies this request's changes, key by key, to what another one stored; values are never merged. */
export function replayed(mine: Replaying, record: Replayed): Replayed {
  const { log, values } = mine
  const merged: Values = log.cleared ? new Map() : copy(record.values)
  const base: Values = log.cleared ? new Map() : mine.base
  const own = [...base.keys(), ...values.keys()].filter(
    (key) => !same(base.get(key), values.get(key)),
  )
  for (const key of new Set([...log.keys.keys(), ...own])) {
    const change = log.keys.get(key)
    let value = values.get(key)
    if (typeof change === 'object' && same(value, change.outcome)) {
      value = merged.get(key)
      for (let count = 0; count < change.increments; count++) value = incremented(value)
    }
    if (value === undefined) merged.delete(key)
    else merged.set(key, value)
  }
  return { values: merged, expiry: log.expirySet || log.cleared ? mine.expiry : record.expiry }
}

/** The same, and makes the result the request's session. */
export function replay(mine: Replaying, record: Replayed): void {
  const { values: merged, expiry } = replayed(mine, record)
  const { values } = mine
  for (const key of values.keys()) if (!merged.has(key)) values.delete(key)
  for (const [key, value] of merged) values.set(key, value)
  mine.expiry = expiry
}
