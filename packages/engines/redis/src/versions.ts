import { platform } from '@sessions/core/platform'
import { hex } from './hex.ts'
import { MARK, markOf } from './mark.ts'
import { VERSION } from './stored.ts'

/** How many characters of a version name the process that wrote it: 64 random bits. */
const WRITER = 16

/**
 * Makes versions of sessions, of which no two are the same, in this process or another. So the version is known before a command
 * runs. A count beside the data would not do: if an id is created anew, its first version would be the same as before.
 */
export function versions(): (id: string) => string {
  // Made at the first use: edge runtimes have no randomness while a module loads.
  let writer: string | undefined
  let count = 0
  return (id) => {
    writer ??= hex(platform.randomBytes(WRITER / 2))
    count += 1
    return markOf(id) + writer + count.toString(36).padStart(VERSION - MARK - WRITER, '0')
  }
}
