import type { MaybePromise } from '../actions.ts'

/** A store by its bare client: texts by key. Each call is one command. */
export interface Kv {
  get(key: string): MaybePromise<string | undefined>
  /** Inserts or replaces; expires after two weeks, where the store can. */
  set(key: string, text: string): MaybePromise<unknown>
  delete(key: string): MaybePromise<unknown>
}

/** How long a session lives, in seconds. */
export const AGE = 1_209_600

/** Texts in the memory of this process. */
export function memoryKv(): Kv {
  const texts = new Map<string, string>()
  return {
    get: (key) => texts.get(key),
    set: (key, text) => void texts.set(key, text),
    delete: (key) => texts.delete(key),
  }
}
