import { InvalidSettingError } from '@sessions/core'

/** The longest key that memcached takes, in bytes. */
const LONGEST_KEY = 250

/** The length of an id, as core makes them. */
const ID = 64

/**
 * Returns a function that turns ids into memcached's keys, which are printable ASCII. Core's ids stay as they are; any
 * other id is escaped, so that no two ids have the same key.
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
      `must have at most ${LONGEST_KEY - ID} characters: memcached's keys are limited to ${LONGEST_KEY} bytes, and an id takes ${ID}.`,
    )
  }
  return (id) => {
    const key = prefix + (/^\w+$/.test(id) ? id : encodeURIComponent(id))
    if (key !== '' && key.length <= LONGEST_KEY) return key
    throw new Error(
      `memcached's keys have 1 to ${LONGEST_KEY} bytes, but this one has ${key.length}.`,
    )
  }
}
