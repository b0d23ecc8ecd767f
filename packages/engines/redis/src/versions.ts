import { platform } from '@sessions/core/platform'
import { hex } from './hex.ts'
import { VERSION } from './stored.ts'

/** How many characters of a version say which process wrote it: 64 random bits. */
const WRITER = 16

/**
 * Makes versions of which no two are the same, in this process or another: what a command writes is known before it
 * runs. A count beside the data would not do, because the first version of an id's second life would be that of its
 * first.
 */
export function versions(): () => string {
  // Drawn at the first use: runtimes at the edge have no randomness while a module loads.
  let writer: string | undefined
  let count = 0
  return () => {
    writer ??= hex(platform.randomBytes(WRITER / 2))
    count += 1
    return writer + count.toString(36).padStart(VERSION - WRITER, '0')
  }
}
