import type { DefaultData } from '../data.ts'
import type { Settings } from '../settings/settings.ts'
import { createSessions, type Sessions } from './sessions.ts'

/** What an adapter is given: settings, or a manager that `createSessions` made of them. */
export type SessionsOf<D extends object = DefaultData> = Settings<D> | Sessions<D>

/** The managers that were made of settings by `managerOf`. */
const managers = new WeakMap<object, unknown>()

/**
 * The manager of what an adapter is given: the manager itself, or one that is made of the settings. The same settings,
 * mounted twice, are one manager.
 *
 * @throws {InvalidSettingError} where a setting is misused.
 */
export function managerOf<D extends object = DefaultData>(source: SessionsOf<D>): Sessions<D> {
  // Not `instanceof`: the manager may come from another copy of this package.
  if (typeof source === 'object' && source !== null && 'openFromCookies' in source) return source
  const known = managers.get(source) as Sessions<D> | undefined
  const manager = known ?? createSessions(source)
  managers.set(source, manager)
  return manager
}
