import { platform } from '@sessions/core/platform'
import { hex } from './hex.ts'
import type { Patience } from './patience.ts'
import type { RedisPort, Text } from './redis-client.ts'
import { FOREIGN, HEAD, VERSION } from './stored.ts'

/** A script, which Redis runs as one step. */
export interface Script {
  readonly text: string
  /** Redis's name for it. Computed at the first use: nothing is computed while a module loads. */
  readonly digest: () => string
}

function script(text: string): Script {
  let digest: string | undefined
  return { text, digest: () => (digest ??= hex(platform.hash('sha1', platform.utf8(text)))) }
}

/** Reads the `version` of what is stored. All that other programs have written has the same version. */
const reading = `
local head = redis.call('GETRANGE', KEYS[1], 0, ${HEAD - 1})
if head == '' then return false end
local version = '${FOREIGN}'
if #head == ${HEAD} and string.byte(head, ${VERSION + 1}) == 58 and string.find(head, '^[0-9a-z]+:%d+:$') then
  version = string.sub(head, 1, ${VERSION})
end`

/**
 * A compare-and-set. Arguments: the string, the last millisecond of its life, the version. Answers 1, 0 if the version
 * is another one, or nothing if there is no session.
 *
 * A client that lost its connection before the answer may send a command again, which then finds what the first one
 * wrote.
 */
export const saveScript: Script = script(`
local stored = redis.call('GETRANGE', KEYS[1], 0, ${VERSION - 1})
if stored ~= ARGV[3] then
if stored == string.sub(ARGV[1], 1, ${VERSION}) then return 1 end${reading}
if version ~= ARGV[3] then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'PXAT', ARGV[2])
return 1`)

/**
 * Moves the deadline without sending or rewriting the data. Arguments: the deadline's digits as they are stored, the
 * millisecond itself, the version if any. Answers the version, an empty text if it is another one, or nothing if there
 * is no session.
 */
export const touchScript: Script = script(`${reading}
if ARGV[3] and ARGV[3] ~= version then return '' end
if version ~= '${FOREIGN}' then redis.call('SETRANGE', KEYS[1], ${VERSION + 1}, ARGV[1]) end
redis.call('PEXPIREAT', KEYS[1], ARGV[2])
return version`)

/** Deletes one version. Answers 1, 0 if the version is another one, or nothing if there is no session. */
export const deleteScript: Script = script(`${reading}
if ARGV[1] ~= version then return 0 end
return redis.call('DEL', KEYS[1])`)

/** Runs a script on one key, and reads its answer. */
export type ScriptRunner = <Answer>(
  script: Script,
  key: string,
  args: string[],
  read: (reply: Text | null) => Answer,
) => Promise<Answer>

/**
 * Runs scripts by their digest, or by their text if the server does not know it: a new server, or after SCRIPT FLUSH.
 */
export function scriptRunner(port: RedisPort, within: Patience): ScriptRunner {
  return ({ text, digest }, key, args, read) =>
    within(
      () => port.evalSha(digest(), key, args),
      read,
      (error) => (isUnknown(error) ? port.eval(text, key, args) : undefined),
    )
}

function isUnknown(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
