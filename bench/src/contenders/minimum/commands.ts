import type { MaybePromise } from '../actions.ts'
import { FIRST_VIEWS, payload } from '../payload.ts'
import { randomId } from '../random-id.ts'
import type { Kv } from '../stores/kv.ts'

/** The commands that keep sessions in a store, without anything around them. */
export interface Commands {
  /** A key of a session that is not there yet: a pair of name and value, since the Cookie header is the key. */
  newKey(): string
  /** Keeps what a first visit leaves under a new key. */
  create(key: string): MaybePromise<unknown>
  load(key: string): MaybePromise<unknown>
  /** Replaces what is kept by a session of 500 bytes. */
  save(key: string): MaybePromise<unknown>
}

/** What a first visit leaves. */
export const FIRST_TEXT: string = JSON.stringify({ views: FIRST_VIEWS + 1 })

const texts = Array.from({ length: 100 }, (_, index) =>
  JSON.stringify({ ...payload, views: FIRST_VIEWS + index }),
)
let saves = 0

/** A session of 500 bytes, and another one each time: SQLite does not write what is there already. */
export const nextText = (): string => texts[(saves += 1) % texts.length] ?? ''

/** The plain commands of a client, for ids of 128 random bits. */
export const plainCommands = (kv: Kv): Commands => ({
  newKey: () => `s=${randomId(16, 'base64url')}`,
  create: (key) => kv.set(key, FIRST_TEXT),
  load: (key) => kv.get(key),
  save: (key) => kv.set(key, nextText()),
})
