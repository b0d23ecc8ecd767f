import type { MaybePromise } from '../actions.ts'

/** A store of texts by key, through its bare client. Each call is one command. */
export interface Kv {
  get(key: string): MaybePromise<string | undefined>
  /** Inserts or replaces; the text expires after two weeks if the store can do that. */
  set(key: string, text: string): MaybePromise<unknown>
  delete(key: string): MaybePromise<unknown>
}

/** How long a session lives, in seconds. */
export const AGE = 1_209_600

/** Keeps texts in this process. */
export function memoryKv(): Kv {
  const texts = new Map<string, string>()
  return {
    get: (key) => texts.get(key),
    set: (key, text) => void texts.set(key, text),
    delete: (key) => texts.delete(key),
  }
}
