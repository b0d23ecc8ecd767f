import { describe, expect, it } from 'vitest'
import type { CookieEngine, SessionEngine } from '../src/engine/engine.ts'
import type { SessionEvent } from '../src/events.ts'
import { createSessions } from '../src/manager/sessions.ts'

const RECORD = { data: '{"secret":"data"}', expiresAt: 60_000, version: '1' }
const KEY = 'a'.repeat(32)
const clock = { now: () => 0 }

/** An engine that keeps its contract except for these answers. */
function engineWith(answers: Record<string, unknown>): SessionEngine {
  const sound = {
    load: RECORD,
    exists: true,
    create: { status: 'saved', version: '1' },
    save: { status: 'saved', version: '2' },
    touch: { status: 'saved', version: '2' },
    delete: 'deleted',
  }
  const methods = Object.entries({ ...sound, ...answers })
  return {
    name: 'acme',
    ...Object.fromEntries(methods.map(([method, answer]) => [method, () => answer])),
  } as unknown as SessionEngine
}

function cookieEngine(answers: { seal?: unknown; unseal?: unknown }): CookieEngine {
  return {
    name: 'acme',
    seal: () => ('seal' in answers ? answers.seal : 'sealed') as never,
    unseal: () => ('unseal' in answers ? answers.unseal : RECORD) as never,
  }
}

/** Returns the error of a job with a session over this engine, and checks that it was reported. */
async function outcome(engine: SessionEngine | CookieEngine, job: string): Promise<unknown> {
  const events: SessionEvent[] = []
  const manager = createSessions({
    engine,
    attributes: { user: () => 1 },
    clock,
    sleep: () => Promise.resolve(),
    onEvent: (event) => void events.push(event),
  })
  const session = manager.openFromCookies(
    job === 'create' || job === 'seal' ? undefined : `sessionid=${KEY}`,
  )
  try {
    if (job === 'find') for await (const _found of manager.find({ user: 1 }));
    const loaded = await session.load()
    if (job === 'exists') await loaded.exists()
    if (job === 'save' || job === 'create' || job === 'seal') loaded.set('a', 1)
    if (job === 'delete') loaded.flush()
    await loaded.save()
  } catch (error) {
    expect(events.filter(({ type }) => type === 'error')).toMatchObject([{ error }])
    return error
  }
  return undefined
}

const PROMISE = Promise.resolve(RECORD)

const wrong: readonly (readonly [method: string, answer: unknown, said: string])[] = [
  ['load', null, 'it returned null: an absent record must be undefined'],
  ['load', false, 'it returned a boolean'],
  ['load', '{}', 'it returned a string'],
  ['load', {}, 'whose version is undefined'],
  ['load', { ...RECORD, version: 3 }, 'whose version is a number'],
  ['load', { ...RECORD, data: { secret: 'data' } }, 'whose data is an object'],
  ['load', { ...RECORD, expiresAt: undefined }, 'whose expiresAt is not a number of milliseconds'],
  ['load', { ...RECORD, expiresAt: new Date() }, 'whose expiresAt is not a number of milliseconds'],
  ['load', { ...RECORD, expiresAt: Number.NaN }, 'whose expiresAt is not a number of milliseconds'],
  ['exists', 1, 'it returned a number instead of a boolean'],
  ['create', undefined, 'it returned undefined instead of an object with a status'],
  ['create', { status: 'conflict' }, 'a status that the contract does not have'],
  ['create', { status: 'saved' }, 'a version that is undefined'],
  ['save', true, 'it returned a boolean instead of an object with a status'],
  ['save', 'saved', 'it returned a string instead of an object with a status'],
  ['save', { status: 'taken' }, 'a status that the contract does not have'],
  ['save', { status: 'saved', version: 2 }, 'a version that is a number'],
  ['delete', undefined, "something other than 'deleted', 'missing' or 'conflict'"],
  ['delete', true, "something other than 'deleted', 'missing' or 'conflict'"],
]

describe('an engine that breaks its contract', () => {
  it.each(wrong)('fails in %s() if it returns %o', async (method, answer, said) => {
    const error = await outcome(engineWith({ [method]: answer }), method)

    expect(error).toMatchObject({ code: 'SESSION_ENGINE', engine: 'acme', operation: method })
    expect(String(error)).toContain(said)
    expect(String(error)).not.toMatch(/secret|data"|aaaa/)
  })

  it.each(wrong)('fails in %s() if it resolves to %o', async (method, answer, said) => {
    const error = await outcome(engineWith({ [method]: Promise.resolve(answer) }), method)

    expect(String(error)).toContain(said)
  })

  it('fails in touch() if it returns undefined', async () => {
    const manager = createSessions({
      engine: engineWith({ touch: undefined }),
      clock,
      saveEveryRequest: true,
    })
    const session = manager.openFromCookies(`sessionid=${KEY}`)

    const committing = async (): Promise<unknown> => manager.commit(session, { status: 200 })

    await expect(committing()).rejects.toMatchObject({
      code: 'SESSION_ENGINE',
      operation: 'touch',
    })
  })

  it.each([[{ id: 1, expiresAt: RECORD.expiresAt }], [{ id: 'a' }], [undefined]])(
    'fails in find() if it yields %o',
    async (found) => {
      const find = async function* (): AsyncGenerator {
        yield found
      }
      const error = await outcome({ ...engineWith({}), find } as SessionEngine, 'find')

      expect(error).toMatchObject({ code: 'SESSION_ENGINE', operation: 'find' })
    },
  )

  it('causes no error if it keeps its contract', async () => {
    for (const job of ['load', 'exists', 'create', 'save', 'delete']) {
      expect(await outcome(engineWith({}), job)).toBeUndefined()
    }
    expect(await outcome(engineWith({ load: undefined }), 'load')).toBeUndefined()
  })
})

describe('a cookie engine that breaks its contract', () => {
  it.each([
    [Promise.resolve('sealed'), 'it returned a Promise instead of a string'],
    [undefined, 'it returned undefined instead of a string'],
    ['', 'it returned an empty string'],
    ['{"a":1}', 'characters that a cookie cannot hold'],
    ['a;b', 'characters that a cookie cannot hold'],
    ['a\r\nSet-Cookie: b=c', 'characters that a cookie cannot hold'],
  ])('fails in seal() if it returns %o', async (seal, said) => {
    const error = await outcome(cookieEngine({ seal }), 'seal')

    expect(error).toMatchObject({ code: 'SESSION_ENGINE', engine: 'acme', operation: 'seal' })
    expect(String(error)).toContain(said)
  })

  it.each([
    [PROMISE, 'it returned a record whose data is undefined'],
    [null, 'it returned null: a value that does not verify must be undefined'],
    [{ data: '{}' }, 'whose expiresAt is not a number of milliseconds'],
  ])('fails in unseal() if it returns %o', async (unseal, said) => {
    const error = await outcome(cookieEngine({ unseal }), 'load')

    expect(error).toMatchObject({ code: 'SESSION_ENGINE', engine: 'acme', operation: 'unseal' })
    expect(String(error)).toContain(said)
  })
})
