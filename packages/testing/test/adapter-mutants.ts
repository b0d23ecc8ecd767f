import { referenceSteps, replyToError, type AdapterSteps } from './reference-adapter.ts'

/** An adapter with one fault, and the cases of the suite that must notice it. */
interface AdapterMutant {
  readonly caughtBy: readonly string[]
  readonly steps: Partial<AdapterSteps>
}

const { apply, open } = referenceSteps

const severalCookies = 'an engine that keeps sessions in several cookies'

/** Faults that real adapters have had, by what they do wrong. */
export const adapterMutants: Readonly<Record<string, AdapterMutant>> = {
  'sends the first of several cookies alone': {
    caughtBy: [
      `${severalCookies} › sends each of them, and reads them together`,
      `${severalCookies} › sends each of them with /redirect`,
      `${severalCookies} › sends each of them beside the cookies of the application`,
      `${severalCookies} › takes away those that a smaller session no longer needs`,
      `${severalCookies} › ends a session by taking all of them away`,
    ],
    steps: {
      apply: (committed, reply) =>
        apply({ ...committed, setCookie: committed.setCookie.slice(0, 1) }, reply),
    },
  },
  'commits the error’s answer after a failed commit': {
    caughtBy: [
      'a failing store › at the delete: a failed logout is a 503, keeps the cookie, and is not tried again',
    ],
    steps: {
      async replyTo(reason, _, commit) {
        const reply = replyToError(reason)
        await Promise.allSettled([commit(reply)])
        return reply
      },
    },
  },
  'tries a failed commit again': {
    caughtBy: [
      'a failing store › at the save: 503, no cookie, no second try, and the session as it was',
      'a failing store › at the delete: a failed logout is a 503, keeps the cookie, and is not tried again',
    ],
    steps: {
      async replyTo(reason, failed, commit) {
        await Promise.allSettled([commit(failed)])
        return replyToError(reason)
      },
    },
  },
  'answers in spite of a failed commit': {
    caughtBy: ['a failing store › at the create: 503, no cookie, no second try'],
    steps: { replyTo: async (_, failed) => failed },
  },
  'keeps the headers of what could not be committed': {
    caughtBy: ['a failing store › at the save of a redirect: nothing of the redirect is left'],
    steps: {
      async replyTo(error, { headers }) {
        const { status, body } = replyToError(error)
        return { status, headers, body }
      },
    },
  },
  'drops what CORS middleware had set when a commit fails': {
    caughtBy: [
      'a failing store › at the save: Vary and what CORS middleware had set stay, so that other origins can read the answer',
    ],
    steps: { replyTo: async (error) => replyToError(error) },
  },
  'commits as if every answer were a success': {
    caughtBy: ['decision table › 16: written, status 500: nothing is stored'],
    steps: { statusOf: () => 200 },
  },
  'reads the first of several cookies alone': {
    caughtBy: ['several cookies of one name › each well-formed one is tried until one is live'],
    steps: { open: (manager, cookies) => open(manager, cookies?.split(';')[0]) },
  },
  'loads what nobody asked for': {
    caughtBy: [
      'calls to the engine › an untouched session with a live cookie: none, and no header',
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
    caughtBy: ['headers of the application › its Vary is added to'],
    steps: { apply: (committed, reply) => apply({ ...committed, vary: undefined }, reply) },
  },
  'overwrites the cookies of the application': {
    caughtBy: ['headers of the application › its own cookies survive beside the session cookie'],
    steps: {
      apply: (committed, reply) => {
        if (committed.setCookie.length > 0)
          reply.headers = reply.headers.filter(([name]) => name !== 'set-cookie')
        apply(committed, reply)
      },
    },
  },
}
