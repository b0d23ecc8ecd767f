import { InvalidSettingError } from './errors.ts'
import type { UnloadedSession } from './session.ts'
import { isSessionKey } from './session-key.ts'

/** What `end` takes besides the attribute. */
export interface EndOptions<D extends object> {
  /** The session, or its key, that is to live on. */
  readonly except?: UnloadedSession<D> | string | undefined
}

/** The options, where they say what they seem to: one that is overlooked would log out whoever calls. */
export function checkedEndOptions<D extends object>(options: EndOptions<D>): EndOptions<D> {
  const unknown =
    'sessionKey' in options ? 'session' : Object.keys(options).find((name) => name !== 'except')
  if (unknown !== undefined) {
    throw new InvalidSettingError(`end.${unknown}`, 'is unknown: write `{ except: session }`.')
  }
  if (typeof options.except === 'string' && !isSessionKey(options.except)) {
    throw new InvalidSettingError(
      'end.except',
      'is no session key: pass the session, or its `sessionKey`; a `handle` does not tell which one it is.',
    )
  }
  return options
}
