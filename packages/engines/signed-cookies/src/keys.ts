import { platform } from '@sessions/core/platform'

/**
 * Joins texts unambiguously: `ab`, `c` and `a`, `bc` give different results.
 */
export function inOne(...texts: readonly string[]): string {
  return texts.map((text) => `${platform.utf8(text).byteLength}:${text}`).join('')
}

/** Caches the result for the last text, which suffices because all cookies of an engine have the same name. */
export function remembered<Made>(make: (text: string) => Made): (text: string) => Made {
  let last: { readonly text: string; readonly made: Made } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, made: make(text) }
    return last.made
  }
}

/**
 * Derives a key for one purpose only (HKDF, RFC 5869), so that a value sealed for one is never accepted for another.
 */
export function deriveKey(secret: string, purpose: string, bytes: number): Uint8Array {
  const info = platform.utf8(inOne('@sessions/signed-cookies', purpose))
  return platform.hkdf(platform.utf8(secret), new Uint8Array(0), info, bytes)
}

/** The key of each secret, derived at its first use: creating an engine computes nothing. */
export interface Keys<Key> {
  readonly count: number
  readonly at: (index: number) => Key
}

/** The keys of the secrets; the first one seals. */
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
