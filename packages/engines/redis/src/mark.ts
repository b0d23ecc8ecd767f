import { platform } from '@sessions/core/platform'
import { hex } from './hex.ts'

/** How many characters a mark has. */
export const MARK = 8

/**
 * A short name of a session, with which each of its versions begins. It tells that an answer is about another session: clients
 * have mixed up answers, node-redis 5 when its connection is reset under load, and visitors must not get each other's sessions.
 */
export function markOf(id: string): string {
  // Those of the core are digests or keys: their beginning is as good as a digest of them.
  return ORDINARY.test(id)
    ? id.slice(0, MARK)
    : hex(platform.hash('sha1', platform.utf8(id))).slice(0, MARK)
}

const ORDINARY = /^[0-9a-z]{8}/
