import type { MaybePromise } from '../actions.ts'
import { FIRST_VIEWS, payload } from '../payload.ts'
import type { Kv } from '../stores/kv.ts'

/** The commands that keep sessions in a store, without anything around them. */
export interface Commands {
  /** Keeps what a first visit leaves under a new key. */
  create(key: string): MaybePromise<unknown>
  load(key: string): MaybePromise<unknown>
  /** Replaces what is kept by a session of 500 bytes. */
  save(key: string): MaybePromise<unknown>
}

/** What a first visit leaves. */
export const FIRST_TEXT: string = JSON.stringify({ views: FIRST_VIEWS + 1 })

/** A session of 500 bytes. */
export const TEXT: string = JSON.stringify(payload)

/** The plain commands of a client. */
export const plainCommands = (kv: Kv): Commands => ({
  create: (key) => kv.set(key, FIRST_TEXT),
  load: (key) => kv.get(key),
  save: (key) => kv.set(key, TEXT),
})
