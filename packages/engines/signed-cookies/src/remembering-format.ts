import { platform } from '@sessions/core/platform'
import type { Format } from './format.ts'

/** The capacity of one of the two generations, in characters of values and data. */
const GENERATION = 262_144
/** A larger session is not remembered, because it would evict too many others. */
const LARGEST = GENERATION / 16

/** A session that was sealed or opened recently. */
interface Recent {
  readonly value: string
  readonly cookieName: string
  readonly data: string
  readonly expiresAt: number
  readonly renew: boolean
}

/**
 * A format with a cache of the sessions that it has recently sealed and opened, because visitors send the same value
 * again and again, and the one that was just sealed for them. A value that does not verify is not remembered. When the
 * younger generation is full, it replaces the older one.
 */
export function rememberingFormat(format: Format): Format {
  let young = new Map<string, Recent>()
  let old = new Map<string, Recent>()
  let size = 0

  const remember = (recent: Recent): void => {
    const added = recent.value.length + recent.data.length
    if (added > LARGEST) return
    size += added
    if (size > GENERATION) {
      old = young
      young = new Map()
      size = added
    }
    young.set(endOf(recent.value), recent)
  }

  const find = (value: string): Recent | undefined => {
    const end = endOf(value)
    const recent = young.get(end)
    if (recent !== undefined) return recent
    const older = old.get(end)
    if (older !== undefined) remember(older)
    return older
  }

  return {
    seal({ data, expiresAt: deadline }, context) {
      // Rounded up, because clocks tell whole milliseconds.
      const expiresAt = Math.ceil(deadline)
      const value = format.seal({ data, expiresAt }, context)
      // UTF-8 cannot hold a lone surrogate, so such data is unsealed as another text.
      if (!LONE_SURROGATE.test(data)) {
        remember({ value, cookieName: context.cookieName, data, expiresAt, renew: false })
      }
      return value
    },

    unseal(value, context) {
      const { cookieName } = context
      const recent = find(value)
      if (recent?.value === value && recent.cookieName === cookieName) {
        const { data, expiresAt, renew } = recent
        return { data, expiresAt, renew }
      }
      const record = format.unseal(value, context)
      if (record !== undefined) {
        const { data, expiresAt, renew = false } = record
        // A copy, because a slice of a Cookie header keeps the whole header in memory.
        const copy = platform.fromLatin1(platform.latin1(value))
        remember({ value: copy, cookieName, data, expiresAt, renew })
      }
      return record
    },
  }
}

const LONE_SURROGATE = /[\ud800-\udfff]/u

/** The end of the signature, by which a value is looked up: a tenth of the value takes less time to hash. */
function endOf(value: string): string {
  return value.slice(-32)
}
