import { dumps, isSessionError, loads, type CookieEngine, type SessionRecord } from '@sessions/core'

/** The shortest cookie engine, for this suite only: the cookie is the signed record. */
export const signedRecords: CookieEngine = {
  name: 'signed-records',
  seal: (record, { cookieName }) =>
    dumps(record, { secretKey: 'a secret for tests', salt: cookieName }),
  unseal(value, { cookieName, now }) {
    try {
      const record = loads(value, {
        secretKey: 'a secret for tests',
        salt: cookieName,
      }) as SessionRecord
      return record.expiresAt > now ? record : undefined
    } catch (error) {
      if (isSessionError(error)) return undefined
      throw error
    }
  },
}
