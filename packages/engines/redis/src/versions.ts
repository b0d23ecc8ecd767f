import { platform } from '@sessions/core/platform'
import { hex } from './hex.ts'
import { MARK, markOf } from './mark.ts'
import { VERSION } from './stored.ts'

/** How many characters of a version identify its writer: 64 random bits. */
const WRITER = 16

/**
 * Returns a function that generates versions, unique among all processes, so that the engine knows a new version before
 * Redis replies. A counter stored beside the data would not do: an id that is created again would start with the same
 * version as before.
 */
export function versions(): (id: string) => string {
  // Generated at the first use: edge runtimes have no randomness while a module loads.
  let writer: string | undefined
  let count = 0
  return (id) => {
    writer ??= hex(platform.randomBytes(WRITER / 2))
    count += 1
    return markOf(id) + writer + count.toString(36).padStart(VERSION - MARK - WRITER, '0')
  }
}
