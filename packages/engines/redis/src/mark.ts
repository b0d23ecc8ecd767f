import { platform } from '@sessions/core/platform'
import { hex } from './hex.ts'

/** How many characters a mark has. */
export const MARK = 8

/**
 * The mark of a session: the characters with which all its versions begin. It reveals a reply that belongs to another
 * session. Clients have mixed up replies (node-redis 5 does when its connection is reset under load), and visitors must
 * not get each other's sessions.
 */
export function markOf(id: string): string {
  // Core's ids are digests or random keys, so their first characters serve as well as a digest would.
  return ORDINARY.test(id)
    ? id.slice(0, MARK)
    : hex(platform.hash('sha1', platform.utf8(id))).slice(0, MARK)
}

const ORDINARY = /^[0-9a-z]{8}/
