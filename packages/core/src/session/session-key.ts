import { platform } from '@sessions/core/platform'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const LENGTH = 32
const PATTERN = /^[a-z0-9]{32}$/
/** The largest multiple of the alphabet's size up to 256. Using bytes above it would favour the alphabet's first letters. */
const UNBIASED = 256 - (256 % ALPHABET.length)
const HANDLE_LENGTH = 16

/** Whether a text is a session key: exactly 32 characters of `a-z0-9`. */
export function isSessionKey(text: string): boolean {
  return text.length === LENGTH && PATTERN.test(text)
}

/** Generates a session key: 32 characters of `a-z0-9`, which is 165 random bits. */
export function newSessionKey(random: (size: number) => Uint8Array): string {
  const codes: number[] = []
  while (codes.length < LENGTH) {
    for (const byte of random(LENGTH + 8)) {
      if (byte >= UNBIASED || codes.length === LENGTH) continue
      codes.push(ALPHABET.charCodeAt(byte % ALPHABET.length))
    }
  }
  return String.fromCharCode(...codes)
}

/** A truncated digest of a session key: identifies the session in logs, and cannot be used as a cookie. */
export function handleOf(key: string): string {
  return platform.sha256Hex(key).slice(0, HANDLE_LENGTH)
}

/** Derives ids and handles. */
export interface SessionIds {
  /** The id under which the engine stores the session with a key. */
  readonly idOf: (key: string) => string
  /** The handle of the session with an id. */
  readonly handleOf: (id: string) => string
}

/** How a manager with these settings derives ids and handles. */
export function sessionIds({ hashKeys }: { readonly hashKeys: boolean }): SessionIds {
  return hashKeys
    ? { idOf: (key) => platform.sha256Hex(key), handleOf: (id) => id.slice(0, HANDLE_LENGTH) }
    : { idOf: (key) => key, handleOf }
}
