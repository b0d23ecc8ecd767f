import { InvalidSettingError } from '../errors.ts'
import { isSessionKey } from '../session/session-key.ts'
import type { UnloadedSession } from '../session/session.ts'
import { checkOptions, isObject } from '../settings/check-options.ts'

/** What `end` takes besides the attribute. */
export interface EndOptions<D extends object> {
  /** The session, or its key, that is to live on. */
  readonly except?: UnloadedSession<D> | string | undefined
}

/** The options, where they say what they seem to: one that is overlooked would log out whoever calls. */
export function checkedEndOptions<D extends object>(options: EndOptions<D>): EndOptions<D> {
  checkOptions('end', options, { except: 'checked elsewhere' })
  const { except } = options
  if ('sessionKey' in options || !isNameOfSession(except)) {
    throw new InvalidSettingError(
      'end.except',
      'is no session: write `{ except: session }`, or its `sessionKey`; a `handle` does not tell which one it is.',
    )
  }
  return options
}

function isNameOfSession(except: unknown): boolean {
  if (typeof except === 'string') return isSessionKey(except)
  return except === undefined || isObject(except)
}
