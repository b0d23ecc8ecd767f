import { platform } from '@sessions/core/platform'

/**
 * Returns a function that generates versions, unique among all processes, so that the engine knows a new version
 * without reading it back, which not all databases allow. A counter in the row would not do: an id that is created
 * again would start with the same version as before.
 */
export function versions(): () => string {
  // Generated at the first use: edge runtimes have no randomness while a module loads.
  let writer: string | undefined
  let count = 0
  return () => {
    writer ??= platform.base64Url(platform.randomBytes(12))
    count += 1
    return `${writer}-${count.toString(36)}`
  }
}
