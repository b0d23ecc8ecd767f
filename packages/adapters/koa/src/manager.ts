import { createSessions, type Sessions } from '@sessions/core'
import type { SessionsOf } from './options.ts'

/** The manager of each settings object: mounted twice, the same settings are one manager. */
const managers = new WeakMap<object, unknown>()

/** The manager that settings stand for. */
export function toManager<D extends object>(source: SessionsOf<D>): Sessions<D> {
  if ('openFromCookies' in source) return source
  const known = managers.get(source) as Sessions<D> | undefined
  if (known !== undefined) return known
  const manager = createSessions<D>(source)
  managers.set(source, manager)
  return manager
}
