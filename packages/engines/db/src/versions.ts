import { platform } from '@sessions/core/platform'

/**
 * Makes versions of which no two are the same, in this process or another: what a statement writes is known before it
 * runs, in databases too that cannot answer what they wrote. A count in the row would not do, because the first version
 * of an id's second life would be that of its first.
 */
export function versions(): () => string {
  // Drawn at the first use: runtimes at the edge have no randomness while a module loads.
  let writer: string | undefined
  let count = 0
  return () => {
    writer ??= platform.base64Url(platform.randomBytes(12))
    count += 1
    return `${writer}-${count.toString(36)}`
  }
}
