import { describe, expect, it } from 'vitest'
import { InvalidSettingError } from '../src/errors.ts'
import { managerOf } from '../src/manager/manager-of.ts'
import { createSessions } from '../src/manager/sessions.ts'
import type { Session } from '../src/session/session.ts'
import type { Settings } from '../src/settings/settings.ts'
import { site } from './support/site.ts'
import { withSession } from './support/with-session.ts'

describe('managerOf', () => {
  it('returns a manager itself, even one from another copy of the library', () => {
    const { manager } = site()
    const foreign = { openFromCookies: () => {} }

    expect(managerOf(manager)).toBe(manager)
    expect(managerOf(foreign as never)).toBe(foreign)
  })

  it('returns the same manager for the same settings object', () => {
    const settings = { engine: site().engine }

    expect(managerOf(settings)).toBe(managerOf(settings))
    expect(managerOf(settings)).not.toBe(managerOf({ ...settings }))
  })

  it.each([undefined, null, 'redis', 1, () => {}])(
    'rejects %o as createSessions does',
    (source) => {
      expect(() => managerOf(source as unknown as Settings)).toThrow(InvalidSettingError)
    },
  )
})

describe('commitsUntouched', () => {
  it('says whether an untouched session must be committed', () => {
    const { engine } = site()

    expect(createSessions({ engine }).commitsUntouched).toBe(false)
    expect(createSessions({ engine, saveEveryRequest: true }).commitsUntouched).toBe(true)
  })
})

describe('mayHaveChanged', () => {
  it.each<[how: string, use: (session: Session) => unknown, may: boolean]>([
    ['was only read: false', (session) => session.get('views'), false],
    ['was set: true', (session) => session.set('views', 1), true],
    ['was flushed: true', (session) => session.flush(), true],
    ['handed out its data: true', ({ data }) => data, true],
    ['handed out an object inside: true', (session) => session.get('cart'), true],
  ])('of a session that %s', async (_, use, may) => {
    const { manager, open } = await withSession({ views: 0, cart: [] })
    const session = await open()
    use(session)

    expect(manager.mayHaveChanged(session)).toBe(may)
  })

  it('of a session that was not loaded: false', async () => {
    const { manager, unloaded } = await withSession()

    expect(manager.mayHaveChanged(unloaded())).toBe(false)
  })
})
