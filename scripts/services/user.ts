import { readFileSync } from 'node:fs'
import type { User } from './service.ts'

/**
 * Whom servers run as where this process is root, which they refuse to be: the first of these users that there is.
 *
 * @returns undefined where this process is not root.
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
