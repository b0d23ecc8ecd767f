import { platform } from '@sessions/core/platform'

/**
 * Makes versions of which no two are the same, in this process or another. So the version is known before a statement
 * runs, also with databases that cannot return what they wrote. A count in the row would not do: if an id is created
 * anew, its first version would be the same as before.
 */
export function versions(): () => string {
  // Made at the first use: edge runtimes have no randomness while a module loads.
  let writer: string | undefined
  let count = 0
  return () => {
    writer ??= platform.base64Url(platform.randomBytes(12))
    count += 1
    return `${writer}-${count.toString(36)}`
  }
}
