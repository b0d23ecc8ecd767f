import type { MaybePromise } from '../actions.ts'
import { FIRST_VIEWS, payload } from '../payload.ts'
import { randomId } from '../random-id.ts'
import type { Kv } from '../stores/kv.ts'

/** The store commands that a session needs, and nothing around them. */
export interface Commands {
  /** An unused key, in the form `name=value`, since the whole Cookie header serves as the key. */
  newKey(): string
  /** Stores the session of a first visit under a new key. */
  create(key: string): MaybePromise<unknown>
  load(key: string): MaybePromise<unknown>
  /** Replaces the stored session with one of 500 bytes. */
  save(key: string): MaybePromise<unknown>
}

/** The text that a first visit stores. */
export const FIRST_TEXT: string = JSON.stringify({ views: FIRST_VIEWS + 1 })

const texts = Array.from({ length: 100 }, (_, index) =>
  JSON.stringify({ ...payload, views: FIRST_VIEWS + index }),
)
let saves = 0

/** A session of 500 bytes as text, different from call to call: SQLite skips a write that changes nothing. */
export const nextText = (): string => texts[(saves += 1) % texts.length] ?? ''

/** A client's plain commands, with random 128-bit ids. */
export const plainCommands = (kv: Kv): Commands => ({
  newKey: () => `s=${randomId(16, 'base64url')}`,
  create: (key) => kv.set(key, FIRST_TEXT),
  load: (key) => kv.get(key),
  save: (key) => kv.set(key, nextText()),
})
