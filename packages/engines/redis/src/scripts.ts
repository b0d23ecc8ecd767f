import { platform } from '@sessions/core/platform'
import { hex } from './hex.ts'
import type { RedisPort, Text } from './redis-client.ts'
import { FOREIGN, HEAD, VERSION } from './stored.ts'
import type { TimeLimit } from './time-limit.ts'

/** A Lua script, which Redis runs atomically. */
export interface Script {
  readonly text: string
  /** The SHA-1 by which Redis knows the script. Computed at the first use, because modules compute nothing on load. */
  readonly digest: () => string
}

function script(text: string): Script {
  let digest: string | undefined
  return { text, digest: () => (digest ??= hex(platform.hash('sha1', platform.utf8(text)))) }
}

/** Reads the stored `version` in Lua. Everything that other programs have written has the same one. */
const reading = `
local head = redis.call('GETRANGE', KEYS[1], 0, ${HEAD - 1})
if head == '' then return false end
local version = '${FOREIGN}'
if #head == ${HEAD} and string.byte(head, ${VERSION + 1}) == 58 and string.find(head, '^[0-9a-z]+:%d+:$') then
  version = string.sub(head, 1, ${VERSION})
end`

/**
 * Compare-and-set. Arguments: the string to store, the last millisecond at which it is live, the expected version.
 * Returns 1, 0 if the stored version is another one, or nil if there is no session.
 *
 * It also returns 1 if the stored version is the new one: a client that lost its connection before the reply may send
 * the command again, which then finds what the first attempt wrote.
 */
export const saveScript: Script = script(`
local stored = redis.call('GETRANGE', KEYS[1], 0, ${VERSION - 1})
if stored ~= ARGV[3] or stored == '' then
if stored == string.sub(ARGV[1], 1, ${VERSION}) then return 1 end${reading}
if version ~= ARGV[3] then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'PXAT', ARGV[2])
return 1`)

/**
 * Moves the deadline without sending or rewriting the data. Arguments: the last millisecond padded as it is stored, the
 * same without padding, the expected version if any. Returns the version, an empty string if the stored version is
 * another one, or nil if there is no session.
 */
export const touchScript: Script = script(`${reading}
if ARGV[3] and ARGV[3] ~= version then return '' end
if version ~= '${FOREIGN}' then redis.call('SETRANGE', KEYS[1], ${VERSION + 1}, ARGV[1]) end
redis.call('PEXPIREAT', KEYS[1], ARGV[2])
return version`)

/** Deletes one version. Returns 1, 0 if the stored version is another one, or nil if there is no session. */
export const deleteScript: Script = script(`${reading}
if ARGV[1] ~= version then return 0 end
return redis.call('DEL', KEYS[1])`)

/** Runs a script on one key, and decodes its reply. */
export type ScriptRunner = <Answer>(
  script: Script,
  key: string,
  args: string[],
  read: (reply: Text | null) => Answer,
) => Promise<Answer>

/**
 * Runs scripts by their digest (EVALSHA), or by their text (EVAL) if the server does not know them, because it is new
 * or after SCRIPT FLUSH.
 */
export function scriptRunner(port: RedisPort, within: TimeLimit): ScriptRunner {
  return ({ text, digest }, key, args, read) =>
    within(
      () => port.evalSha(digest(), key, args),
      read,
      (error) => (isUnknown(error) ? port.eval(text, key, args) : undefined),
    )
}

function isUnknown(error: unknown): boolean {
  const { message } = Object(error) as { readonly message?: unknown }
  return typeof message === 'string' && message.startsWith('NOSCRIPT')
}
