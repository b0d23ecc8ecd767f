import { referenceSteps, replyToError, type AdapterSteps } from './reference-adapter.ts'

/** An adapter with one fault, and the cases of the suite that must fail on it. */
interface AdapterMutant {
  readonly caughtBy: readonly string[]
  readonly steps: Partial<AdapterSteps>
}

const { apply, open } = referenceSteps

const severalCookies = 'an engine that keeps sessions in several cookies'

/** Faults that real adapters have had, by what goes wrong. */
export const adapterMutants: Readonly<Record<string, AdapterMutant>> = {
  'sends only the first of several cookies': {
    caughtBy: [
      `${severalCookies} › sets each of the cookies, and joins them on the next request`,
      `${severalCookies} › sets each of the cookies in the answer to /redirect`,
      `${severalCookies} › sets each of the cookies beside those of the application`,
      `${severalCookies} › deletes the cookies that a smaller session no longer needs`,
      `${severalCookies} › deletes all the cookies at a logout`,
    ],
    steps: {
      apply: (committed, reply) =>
        apply({ ...committed, setCookie: committed.setCookie.slice(0, 1) }, reply),
    },
  },
  'commits the error response after a failed commit': {
    caughtBy: [
      'a failing store › delete fails: the logout is a 503, leaves the client its cookie, and is not retried',
    ],
    steps: {
      async replyTo(reason, _, commit) {
        const reply = replyToError(reason)
        await Promise.allSettled([commit(reply)])
        return reply
      },
    },
  },
  'retries a failed commit': {
    caughtBy: [
      'a failing store › save fails: 503, no cookie, no retry, and the stored session is unchanged',
      'a failing store › delete fails: the logout is a 503, leaves the client its cookie, and is not retried',
    ],
    steps: {
      async replyTo(reason, failed, commit) {
        await Promise.allSettled([commit(failed)])
        return replyToError(reason)
      },
    },
  },
  'sends the handler’s response despite a failed commit': {
    caughtBy: ['a failing store › create fails: 503, no cookie, no retry'],
    steps: { replyTo: async (_, failed) => failed },
  },
  'keeps the handler’s headers after a failed commit': {
    caughtBy: ['a failing store › save fails on a redirect: 503 without Location'],
    steps: {
      async replyTo(error, { headers }) {
        const { status, body } = replyToError(error)
        return { status, headers, body }
      },
    },
  },
  'drops the CORS headers after a failed commit': {
    caughtBy: [
      'a failing store › create fails: Vary and the CORS headers stay, so that other origins can read the error',
    ],
    steps: { replyTo: async (error) => replyToError(error) },
  },
  'commits whatever the status': {
    caughtBy: ['decision table › 16: written, status 500: nothing is stored'],
    steps: { statusOf: () => 200 },
  },
  'reads only the first of several cookies': {
    caughtBy: [
      'several cookies of one name › each well-formed key is tried until one opens a session',
    ],
    steps: { open: (manager, cookies) => open(manager, cookies?.split(';')[0]) },
  },
  'loads every session': {
    caughtBy: [
      'calls to the engine › an untouched session with a live cookie: no call, and no header',
    ],
    steps: {
      open(manager, cookies) {
        const session = open(manager, cookies)
        void session.load()
        return session
      },
    },
  },
  'forgets Vary': {
    caughtBy: ['headers of the application › Cookie is added to its Vary'],
    steps: { apply: (committed, reply) => apply({ ...committed, vary: undefined }, reply) },
  },
  'overwrites the cookies of the application': {
    caughtBy: [
      'headers of the application › its Set-Cookie headers are kept, and the session cookie follows them',
    ],
    steps: {
      apply: (committed, reply) => {
        if (committed.setCookie.length > 0)
          reply.headers = reply.headers.filter(([name]) => name !== 'set-cookie')
        apply(committed, reply)
      },
    },
  },
}
