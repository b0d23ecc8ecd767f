import { platform } from '@sessions/core/platform'

/**
 * Joins texts so that no two lists give the same: `ab`, `c` and `a`, `bc` must differ.
 */
export function inOne(...texts: readonly string[]): string {
  return texts.map((text) => `${platform.utf8(text).byteLength}:${text}`).join('')
}

/** Remembers the result for the last text: all cookies of an engine have the same name. */
export function remembered<Made>(make: (text: string) => Made): (text: string) => Made {
  let last: { readonly text: string; readonly made: Made } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, made: make(text) }
    return last.made
  }
}

/** A key for one purpose only (HKDF, RFC 5869), so that what is sealed for one is never accepted for another. */
export function deriveKey(secret: string, purpose: string, bytes: number): Uint8Array {
  const info = platform.utf8(inOne('@sessions/signed-cookies', purpose))
  return platform.hkdf(platform.utf8(secret), new Uint8Array(0), info, bytes)
}

/** The key of each secret, derived at its first use: nothing is computed while an engine is made. */
export interface Keys<Key> {
  readonly count: number
  readonly at: (index: number) => Key
}

/** The keys of the secrets, the one that seals first. */
export function lazyKeys<Key>(
  secrets: readonly string[],
  derive: (secret: string) => Key,
): Keys<Key> {
  const keys: Key[] = []
  return {
    count: secrets.length,
    at: (index) => (keys[index] ??= derive(secrets[index] ?? '')),
  }
}
