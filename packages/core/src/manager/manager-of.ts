import type { DefaultData } from '../data.ts'
import type { Settings } from '../settings/settings.ts'
import { createSessions, type Sessions } from './sessions.ts'

/** What an adapter accepts: settings, or a manager that `createSessions` returned. */
export type SessionsOf<D extends object = DefaultData> = Settings<D> | Sessions<D>

/** The managers that `managerOf` has created, by their settings. */
const managers = new WeakMap<object, unknown>()

/**
 * Returns the manager for what an adapter was passed: the manager itself, or one created from the settings. The same
 * settings object always gives the same manager, even if it is mounted twice.
 *
 * @throws {InvalidSettingError} when a setting is unknown or invalid.
 */
export function managerOf<D extends object = DefaultData>(source: SessionsOf<D>): Sessions<D> {
  // Not `instanceof`: the manager may come from another copy of this package.
  if (typeof source === 'object' && source !== null && 'openFromCookies' in source) return source
  const known = managers.get(source) as Sessions<D> | undefined
  const manager = known ?? createSessions(source)
  managers.set(source, manager)
  return manager
}
