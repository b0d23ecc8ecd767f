import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { signedCodec } from '../src/payload/codec.ts'
import type { Session } from '../src/session/session.ts'
import type { Settings } from '../src/settings/settings.ts'
import { TimestampSigner } from '../src/signing/signing.ts'
import { cookieEngine } from './support/cookie-engine.ts'
import { keyIn, type Site, site } from './support/site.ts'

const DATA = 'recognisable-data'
const SECRET = 'recognisable-secret'
const KEY = /(?<![a-z0-9])[a-z0-9]{32}(?![a-z0-9])/
const held = { text: DATA, [DATA.replace('-', '_')]: [DATA], userId: DATA }

/** All text in an error, its causes and an event. */
function written(value: unknown): string {
  return inspect(value, { depth: 9, showHidden: false }).replace(/\n\s+at .*/g, '')
}

type Failure = (client: Site & { readonly cookie: string }) => Promise<unknown>

const onePerClient = async (made: Site) => {
  const { cookie = '' } = await made.visit({}, (session) => session.update(held))
  return { ...made, cookie }
}
const change = (session: Session) => session.set('more', DATA)

/** Ways to fail for a session with data and a key, with secrets in the settings. */
const failures: [what: string, settings: Partial<Settings>, failure: Failure][] = [
  ...['load', 'create', 'save', 'touch', 'delete'].map(
    (operation): [string, Partial<Settings>, Failure] => [
      `the store fails in ${operation}()`,
      { saveEveryRequest: true },
      ({ cookie, fail, visit }) => {
        fail(operation)
        return visit({ cookie }, (session) => {
          if (operation === 'create') session.cycleKey()
          if (operation === 'save') change(session)
          if (operation === 'delete') session.flush()
        })
      },
    ],
  ),
  ...['load', 'create', 'save', 'touch', 'delete'].map(
    (operation): [string, Partial<Settings>, Failure] => [
      `the driver's error quotes the arguments of ${operation}()`,
      { saveEveryRequest: true, hashKeys: false },
      ({ cookie, engine, visit }) => {
        const method = operation as 'load' | 'create' | 'save' | 'touch' | 'delete'
        engine[method] = (...args: unknown[]) => {
          throw Object.assign(new Error('out of memory'), { command: { args } })
        }
        return visit({ cookie }, (session) => {
          if (operation === 'create') session.cycleKey()
          if (operation === 'save') change(session)
          if (operation === 'delete') session.flush()
        })
      },
    ],
  ),
  [
    "the driver's error quotes an attribute",
    { attributes: { userId: (data) => data.more } },
    ({ cookie, engine, visit }) => {
      engine.save = () => Promise.reject(new Error(`invalid input syntax for uuid: "${DATA}"`))
      return visit({ cookie }, change)
    },
  ],
  [
    "the driver's error quotes the value that was searched for",
    { attributes: { userId: (data) => data.more } },
    ({ engine, manager }) => {
      engine.find = () => {
        throw new Error(`invalid input syntax for uuid: "${DATA}"`)
      }
      return manager.end({ userId: DATA })
    },
  ],
  [
    'the record was deleted',
    {},
    ({ cookie, raw, visit }) =>
      visit({ cookie }, async (session) => {
        change(session)
        await raw({ cookie }, (other) => other.flush())
      }),
  ],
  [
    'a conflict is rejected',
    { onConflict: 'reject' },
    ({ cookie, visit }) =>
      visit({ cookie }, async (session) => {
        change(session)
        await visit({ cookie }, (other) => other.set('other', DATA))
      }),
  ],
  [
    'another user has logged in',
    {},
    ({ cookie, visit }) =>
      visit({ cookie }, async (session) => {
        session.set('_auth_user_id', `${DATA}-1`)
        await visit({ cookie }, (other) => other.set('_auth_user_id', `${DATA}-2`))
      }),
  ],
  ['a value cannot be stored', {}, ({ cookie, visit }) => visit({ cookie }, (s) => s.set('n', 1n))],
  [
    'an attribute is invalid',
    { attributes: { userId: (data) => (data.more ? ({ [DATA]: DATA } as never) : null) } },
    ({ cookie, visit }) => visit({ cookie }, change),
  ],
  [
    'the headers were sent',
    {},
    async ({ manager }) => {
      const session = manager.open()
      await manager.commit(session, { status: 200 })
      await manager.commit(change(session), { status: 200 })
    },
  ],
  [
    'the payload is not JSON',
    {},
    async ({ cookie, data, engine }) => {
      for (const [id, record] of engine.records) engine.records.set(id, { ...record, data: DATA })
      return data(cookie)
    },
  ],
  ...[DATA, `${DATA}:1r31eq:${DATA}`, sign(DATA), sign(`.${DATA}`)].map(
    (payload): [string, Partial<Settings>, Failure] => [
      `the payload is ${payload.slice(0, 40)}, and should be signed`,
      { codec: signedCodec({ secretKey: SECRET }) },
      async ({ cookie, data, engine }) => {
        for (const [id, record] of engine.records)
          engine.records.set(id, { ...record, data: payload })
        return data(cookie)
      },
    ],
  ),
  ...(['seal', 'unseal'] as const).map((operation): [string, Partial<Settings>, Failure] => [
    `a cookie engine's error quotes the arguments of ${operation}()`,
    {},
    async () => {
      const engine = cookieEngine({ secrets: [SECRET] })
      const { cookie, visit } = await onePerClient(site({ engine }))
      engine[operation] = (...args: unknown[]) => {
        throw new Error(`cannot ${operation} ${JSON.stringify(args)}`)
      }
      return visit({ cookie }, change)
    },
  ]),
  [
    'a sealed cookie was tampered with',
    { engine: cookieEngine({ secrets: [SECRET] }) },
    ({ cookie, data }) => data(cookie.replace(/.$/, '')),
  ],
  [
    'a sealed cookie is too large',
    { engine: cookieEngine({ secrets: [SECRET] }) },
    ({ visit }) => visit({}, (session) => session.set('text', DATA.repeat(300))),
  ],
  ['the key is unknown', {}, ({ data }) => data(`sessionid=${'k3y'.padEnd(32, '0')}`)],
  ['the key is malformed', {}, ({ data }) => data(`sessionid=${DATA}`)],
  [
    'the session is not loaded',
    {},
    async ({ cookie, manager }) => (manager.openFromCookies(cookie) as Session).get(DATA),
  ],
  [
    'the session is rotated',
    {},
    ({ cookie, visit }) => visit({ cookie }, (session) => session.cycleKey()),
  ],
]

describe('no error message and no event contains a key, a secret or data if', () => {
  it.each(failures)('%s', async (_, settings, failure) => {
    const client = await onePerClient(site(settings))

    const outcome = await failure(client).then(
      () => undefined,
      (error: unknown) => error,
    )

    for (const text of [written(outcome), ...client.events.map(written)]) {
      expect(text).not.toContain(DATA)
      expect(text).not.toContain(SECRET)
      expect(text).not.toContain(keyIn(client.cookie))
      expect(text).not.toMatch(KEY)
    }
  })

  it('(each of these failures throws or reports an event)', async () => {
    for (const [what, settings, failure] of failures) {
      const client = await onePerClient(site(settings))
      const before = client.events.length

      const failed = await failure(client).then(
        () => false,
        () => true,
      )

      expect([what, failed || client.events.length > before]).toEqual([what, true])
    }
  })
})

function sign(text: string): string {
  const signer = new TimestampSigner({
    secretKey: SECRET,
    salt: 'django.contrib.sessions.SessionStore',
  })
  return signer.sign(text)
}
