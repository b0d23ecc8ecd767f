import { InvalidSettingError } from '@sessions/core'

/** How many bytes a key may have. */
const LONGEST_KEY = 250

/** How many of them the id of a session takes. */
const ID = 64

/**
 * Makes memcached's keys, which are printable ASCII. Core's ids stay as they are; any other id is escaped, so that no
 * two ids have the same key.
 *
 * @throws {InvalidSettingError} when the prefix cannot begin a key, or leaves no room for an id.
 */
export function keysWith(prefix: string): (id: string) => string {
  if (!/^[\u0021-\u007e]*$/.test(prefix)) {
    throw new InvalidSettingError('keyPrefix', 'must be printable ASCII, without spaces.')
  }
  if (prefix.length + ID > LONGEST_KEY) {
    throw new InvalidSettingError(
      'keyPrefix',
      `must have ${LONGEST_KEY - ID} characters at most: memcached takes keys of ${LONGEST_KEY} bytes, and ids have ${ID}.`,
    )
  }
  return (id) => {
    const key = prefix + (/^\w+$/.test(id) ? id : encodeURIComponent(id))
    if (key !== '' && key.length <= LONGEST_KEY) return key
    throw new Error(
      `memcached takes keys of 1 to ${LONGEST_KEY} bytes, and this has ${key.length}.`,
    )
  }
}
