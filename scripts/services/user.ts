import { readFileSync } from 'node:fs'
import type { User } from './service.ts'

/**
 * The user that servers run as if this process is root, since they refuse to run as root: `nobody`, or else `daemon`.
 *
 * @returns undefined if this process is not root.
 */
export function serverUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name, , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }] as const),
  )
  return users.get('nobody') ?? users.get('daemon')
}
