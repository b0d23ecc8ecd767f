import { InvalidSettingError } from '../errors.ts'
import { isSessionKey } from '../session/session-key.ts'
import type { UnloadedSession } from '../session/session.ts'
import { checkOptions, isObject } from '../check-options.ts'

/** The options of `end`. */
export interface EndOptions<D extends object> {
  /** A session to keep, or its key: for example the current one, to log out all other devices. */
  readonly except?: UnloadedSession<D> | string | undefined
}

/** Validates the options of `end`. If a mistaken `except` were ignored, the caller would be logged out as well. */
export function checkedEndOptions<D extends object>(options: EndOptions<D>): EndOptions<D> {
  checkOptions('end', options, { except: 'checked elsewhere' })
  const { except } = options
  if ('sessionKey' in options || !identifiesSession(except)) {
    throw new InvalidSettingError(
      'end.except',
      'must be a session or its `sessionKey`, not a `handle`: write `{ except: session }`.',
    )
  }
  return options
}

function identifiesSession(except: unknown): boolean {
  if (typeof except === 'string') return isSessionKey(except)
  return except === undefined || isObject(except)
}
