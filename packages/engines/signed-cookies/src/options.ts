import { InvalidSettingError, type OptionKind } from '@sessions/core'

/** What both engines take. Only `secretKey` is required. */
export interface CookieOptions {
  /**
   * The secret that seals: at least 32 characters of randomness, such as `openssl rand -base64 32` prints. Whoever has it
   * can forge any session.
   */
  readonly secretKey: string

  /**
   * Earlier secrets, newest first. What they have sealed is still accepted, and sealed anew with `secretKey` at the next
   * response. Each one costs a failed attempt on what none of them has sealed.
   *
   * @default []
   */
  readonly secretKeyFallbacks?: readonly string[] | undefined

  /**
   * Over how many cookies a session may be spread where one is too small; 4096 bytes each, name and attributes counted.
   * Most servers accept some 8 to 16 KB of headers in all.
   *
   * @default 1
   */
  readonly chunks?: number | undefined
}

/** The fewest characters of a secret: as many as 128 random bits take in hex. */
const SHORTEST_SECRET = 32
/** More than any server accepts in one request. */
const MOST_CHUNKS = 20

/** What `checkOptions` is told about these. */
export const cookieOptions: Readonly<Record<keyof CookieOptions, OptionKind>> = {
  secretKey: 'checked elsewhere',
  secretKeyFallbacks: 'checked elsewhere',
  chunks: 'checked elsewhere',
}

/** The secrets, the one that seals first. */
export function checkedSecrets({
  secretKey,
  secretKeyFallbacks = [],
}: CookieOptions): readonly string[] {
  // A text would be taken for a list of its characters, each of them a secret.
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
    `must have ${SHORTEST_SECRET} random characters or more, or sessions can be forged by whoever guesses it: ` +
      'take what `openssl rand -base64 32` prints, and keep it out of the source code.',
  )
}
