import { platform } from '@sessions/core/platform'
import type { RedisPort, Text } from './redis-client.ts'
import { FOREIGN, HEAD, VERSION } from './stored.ts'

/** What Redis runs in one piece. */
export interface Script {
  readonly text: string
  /** The name that Redis gives it. Made at the first use: nothing is computed while a module loads. */
  readonly digest: () => string
}

/**
 * Every script answers the version that is stored when it ends, or was before a delete; nothing where there is no
 * session; and an empty text where the version, given as its last argument, is another one.
 */
function script(body: string): Script {
  const text = `
local head = redis.call('GETRANGE', KEYS[1], 0, ${HEAD - 1})
if head == '' then return false end
local version = '${FOREIGN}'
if #head == ${HEAD} and string.byte(head, ${VERSION + 1}) == 58 and string.find(head, '^[0-9a-z]+:%d+:$') then
  version = string.sub(head, 1, ${VERSION})
end
${body.trim()}
`.trim()
  let digest: string | undefined
  return { text, digest: () => (digest ??= sha1(text)) }
}

/**
 * A compare-and-set: the string, the millisecond at which it ends, the version. A client that lost its connection before
 * the answer may send a command again, which then finds what the first one wrote.
 */
export const saveScript: Script = script(`
local new = string.sub(ARGV[1], 1, ${VERSION})
if version == new then return new end
if ARGV[3] ~= version then return '' end
redis.call('SET', KEYS[1], ARGV[1], 'PXAT', ARGV[2])
return new
`)

/** Moves the deadline without sending or rewriting the data: the deadline, the millisecond, the version if any. */
export const touchScript: Script = script(`
if ARGV[3] and ARGV[3] ~= version then return '' end
if version ~= '${FOREIGN}' then redis.call('SETRANGE', KEYS[1], ${VERSION + 1}, ARGV[1]) end
redis.call('PEXPIREAT', KEYS[1], ARGV[2])
return version
`)

/** Deletes one version. */
export const deleteScript: Script = script(`
if ARGV[1] ~= version then return '' end
redis.call('DEL', KEYS[1])
return version
`)

/** Runs a script by its name, and by its text where the server does not know it: a new one, or one that was told to forget. */
export async function runScript(
  port: RedisPort,
  { text, digest }: Script,
  key: string,
  args: string[],
): Promise<Text | null> {
  try {
    return await port.evalSha(digest(), key, args)
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    return port.eval(text, key, args)
  }
}

function sha1(text: string): string {
  const bytes = platform.hash('sha1', platform.utf8(text))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
