import { InvalidSettingError, type OptionKind } from '@sessions/core'

/** The options of both engines. Only `secretKey` is required. */
export interface CookieOptions {
  /**
   * The secret that seals sessions: at least 32 random characters, such as the output of `openssl rand -base64 32`.
   * Whoever has it can forge any session.
   */
  readonly secretKey: string

  /**
   * Earlier secrets, newest first. Sessions that they sealed are still accepted, and sealed with `secretKey` in the
   * next response. Each of them costs another attempt for a value that no secret has sealed.
   *
   * @default []
   */
  readonly secretKeyFallbacks?: readonly string[] | undefined

  /**
   * How many cookies a session may take if one is too small. Each has at most 4096 bytes, including name and
   * attributes. Most servers accept some 8 to 16 KB of headers in all.
   *
   * @default 1
   */
  readonly chunks?: number | undefined
}

/** The minimum length of a secret: as many characters as 128 random bits take in hex. */
const SHORTEST_SECRET = 32
/** More than any server accepts in one request. */
const MOST_CHUNKS = 20

/** The kinds of these options, for `checkOptions`. */
export const cookieOptions: Readonly<Record<keyof CookieOptions, OptionKind>> = {
  secretKey: 'checked elsewhere',
  secretKeyFallbacks: 'checked elsewhere',
  chunks: 'checked elsewhere',
}

/** The secrets; the first one seals. */
export function checkedSecrets({
  secretKey,
  secretKeyFallbacks = [],
}: CookieOptions): readonly string[] {
  // A string would be taken for a list of secrets of one character each.
  if (!Array.isArray(secretKeyFallbacks)) {
    throw new InvalidSettingError('secretKeyFallbacks', 'must be an array of earlier secrets.')
  }
  checkSecret('secretKey', secretKey)
  for (const secret of secretKeyFallbacks) checkSecret('secretKeyFallbacks', secret)
  return [secretKey, ...secretKeyFallbacks]
}

/** How many cookies a session may take. */
export function checkedChunks({ chunks = 1 }: CookieOptions): number {
  if (Number.isInteger(chunks) && chunks >= 1 && chunks <= MOST_CHUNKS) return chunks
  throw new InvalidSettingError('chunks', `must be a whole number of cookies, 1 to ${MOST_CHUNKS}.`)
}

function checkSecret(setting: string, secret: unknown): void {
  if (typeof secret === 'string' && secret.length >= SHORTEST_SECRET) return
  throw new InvalidSettingError(
    setting,
    `must have at least ${SHORTEST_SECRET} random characters, or whoever guesses it can forge sessions: ` +
      'use the output of `openssl rand -base64 32`, and keep it out of the source code.',
  )
}
