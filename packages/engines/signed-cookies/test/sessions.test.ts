import { CookieTooLargeError } from '@sessions/core'
import { seededRandom } from '@sessions/testing'
import { describe, expect, it } from 'vitest'
import { all, own } from './engines.ts'
import { OTHER_SECRET, SECRET, visitor } from './visitor.ts'

const DAY = 86_400_000

/** Text that hardly compresses. */
const noise = (length: number): string =>
  Buffer.from(seededRandom(length)(length)).toString('base64').slice(0, length)

describe.each(all)('a session of %s', (_, make) => {
  it('lasts from one request to the next', async () => {
    const browser = visitor(make())
    await browser.visit((session) => session.set('user', 'ada'))
    await browser.visit((session) => session.set('cart', [1, { two: 'zwei \u00fc \u{1f511}' }]))

    expect(await browser.data()).toEqual({
      user: 'ada',
      cart: [1, { two: 'zwei \u00fc \u{1f511}' }],
    })
  })

  it('sends no cookie if nothing has changed', async () => {
    const browser = visitor(make())
    await browser.visit((session) => session.set('user', 'ada'))
    const { setCookie, vary } = await browser.visit((session) => session.get('user'))
    expect(setCookie).toEqual([])
    expect(vary).toBe('Cookie')
  })

  it('ends with its age', async () => {
    const browser = visitor(make(), { cookie: { age: 3600 } })
    await browser.visit((session) => session.set('user', 'ada'))
    browser.clock.advance(3_600_000)
    browser.clock.advance(1)

    expect(await browser.data()).toEqual({})
    expect(browser.events.at(-1)?.type).toBe('expired')
  })

  it('that was tampered with counts as absent, and is reported as suspicious', async () => {
    const browser = visitor(make())
    await browser.visit((session) => session.set('user', 'ada'))
    browser.jar.set('sessionid', `${browser.jar.get('sessionid')}x`)

    expect(await browser.data()).toEqual({})
    expect(browser.events.at(-1)?.type).toBe('suspicious')
    const { setCookie } = await browser.visit((session) => session.get('user'))
    expect(setCookie[0]).toContain('Max-Age=0;')
  })

  it.each(['[1,2]', '"ada"', '7', 'null', '', '{', '\0\0\0\0'])(
    'counts as absent if it holds %j under a valid seal, and is reported as suspicious',
    async (data) => {
      const engine = make()
      const browser = visitor(engine)
      const now = browser.clock.now()
      const record = { data, expiresAt: now + DAY }
      const context = { cookieName: 'sessionid', cookieAge: DAY / 1000, now }
      browser.jar.set('sessionid', engine.seal(record, context))

      expect(await browser.data()).toEqual({})
      expect(browser.events.map(({ type }) => type)).toEqual(['suspicious'])
    },
  )

  it('ends at a logout in this browser, but not in a copy of the cookie', async () => {
    const browser = visitor(make())
    await browser.visit((session) => session.set('user', 'ada'))
    const copy = browser.jar.get('sessionid') ?? ''

    await browser.visit((session) => session.flush())
    expect(browser.jar.size).toBe(0)

    browser.jar.set('sessionid', copy)
    expect(await browser.data()).toEqual({ user: 'ada' })
  })

  it('is sealed anew with the newest secret if an older one has sealed it', async () => {
    const browser = visitor(make({ secretKey: OTHER_SECRET }))
    await browser.visit((session) => session.set('user', 'ada'))

    const rotated = browser.at(make({ secretKeyFallbacks: [OTHER_SECRET] }))
    const { setCookie } = await rotated.visit((session) => session.get('user'))
    expect(setCookie).toHaveLength(1)
    const again = await rotated.visit((session) => session.get('user'))
    expect(again.setCookie).toEqual([])

    expect(await browser.at(make()).data()).toEqual({ user: 'ada' })
  })

  it('that is too large for a cookie makes the commit fail, and nothing is sent', async () => {
    const browser = visitor(make())
    await browser.visit((session) => session.set('user', 'ada'))

    const visit = browser.visit((session) => session.set('noise', noise(5000)))

    await expect(visit).rejects.toThrow(CookieTooLargeError)
    expect(await browser.data()).toEqual({ user: 'ada' })
  })
})

describe.each(own)('a session of %s', (_, make) => {
  it('ends at the expiry that setExpiry has set, even if the browser still sends the cookie', async () => {
    const browser = visitor(make())
    await browser.visit((session) => {
      session.set('user', 'ada')
      session.setExpiry(60)
    })
    browser.clock.advance(59_999)
    expect(await browser.data()).toMatchObject({ user: 'ada' })
    browser.clock.advance(1)
    expect(await browser.data()).toEqual({})
  })

  it('that ends when the browser closes ends after cookie.age, too', async () => {
    const browser = visitor(make(), { expireAtBrowserClose: true })
    const { setCookie } = await browser.visit((session) => session.set('user', 'ada'))
    expect(setCookie[0]).not.toContain('Max-Age')
    browser.clock.advance(14 * DAY - 1)
    expect(await browser.data()).toEqual({ user: 'ada' })
    browser.clock.advance(1)
    expect(await browser.data()).toEqual({})
  })

  it('counts as absent in a cookie of another name', async () => {
    const browser = visitor(make())
    await browser.visit((session) => session.set('user', 'ada'))
    browser.jar.set('other', browser.jar.get('sessionid') ?? '')

    const other = browser.at(make(), { cookie: { name: 'other' } })

    expect(await other.data()).toEqual({})
    expect(await browser.data()).toEqual({ user: 'ada' })
  })

  it('ends when its secret is removed', async () => {
    const browser = visitor(make())
    await browser.visit((session) => session.set('user', 'ada'))
    expect(await browser.at(make({ secretKey: OTHER_SECRET })).data()).toEqual({})
  })

  it('takes several cookies while it is large, and one while it is small', async () => {
    const browser = visitor(make({ chunks: 4 }))
    await browser.visit((session) => session.set('noise', noise(9000)))
    expect([...browser.jar.keys()]).toEqual(
      ['sessionid.0', 'sessionid.1', 'sessionid.2', 'sessionid.3'].slice(0, browser.jar.size),
    )
    expect(browser.jar.size).toBeGreaterThan(2)
    for (const value of browser.jar.values()) expect(value.length).toBeLessThan(4096)
    expect(await browser.data()).toEqual({ noise: noise(9000) })

    await browser.visit((session) => session.set('noise', noise(5000)))
    expect([...browser.jar.keys()]).toEqual(['sessionid.0', 'sessionid.1'])
    expect(await browser.data()).toEqual({ noise: noise(5000) })

    await browser.visit((session) => session.set('noise', ''))
    expect([...browser.jar.keys()]).toEqual(['sessionid'])
    expect(await browser.data()).toEqual({ noise: '' })

    await browser.visit((session) => session.set('noise', noise(5000)))
    expect([...browser.jar.keys()]).toEqual(['sessionid.0', 'sessionid.1'])
    expect(await browser.data()).toEqual({ noise: noise(5000) })
  })

  it('counts as absent if a chunk is missing or from another time', async () => {
    const browser = visitor(make({ chunks: 2 }))
    await browser.visit((session) => session.set('noise', noise(5000)))
    const [[, old = ''] = []] = browser.jar
    await browser.visit((session) => session.set('noise', `${noise(5000)}!`))
    const [[, first = ''] = [], [, second = ''] = []] = browser.jar

    browser.jar.set('sessionid.0', old)
    expect(await browser.data()).toEqual({})
    browser.jar.delete('sessionid.0')
    browser.jar.set('sessionid.1', second)
    expect(await browser.data()).toEqual({})
    browser.jar.set('sessionid.0', first)
    expect(await browser.data()).toEqual({ noise: `${noise(5000)}!` })
  })

  it('expires every chunk at a logout', async () => {
    const browser = visitor(make({ chunks: 2 }))
    await browser.visit((session) => session.set('noise', noise(5000)))
    await browser.visit((session) => session.flush())
    expect(browser.jar.size).toBe(0)
  })

  it('that is too large for all its chunks makes the commit fail', async () => {
    const browser = visitor(make({ chunks: 2 }))
    const visit = browser.visit((session) => session.set('noise', noise(9000)))
    await expect(visit).rejects.toThrow(CookieTooLargeError)
  })

  it('is prolonged by a read if renewAfter is due', async () => {
    const browser = visitor(make(), { renewAfter: 0.5 })
    await browser.visit((session) => session.set('user', 'ada'))
    browser.clock.advance(6 * DAY)
    expect((await browser.visit((session) => session.get('user'))).setCookie).toEqual([])
    browser.clock.advance(2 * DAY)
    expect((await browser.visit((session) => session.get('user'))).setCookie).toHaveLength(1)
    browser.clock.advance(13 * DAY)
    expect(await browser.data()).toEqual({ user: 'ada' })
  })

  it('ends for good at its absolute age', async () => {
    const browser = visitor(make(), { absoluteAge: 3600, saveEveryRequest: true })
    await browser.visit((session) => session.set('user', 'ada'))
    browser.clock.advance(3_599_000)
    await browser.visit()
    expect(await browser.data()).toEqual({ user: 'ada' })
    browser.clock.advance(1000)
    expect(await browser.data()).toEqual({})
  })
})

describe('what the client can read', () => {
  it('is the data of a signed session, in base64', async () => {
    const [[, signed] = [], [, encrypted] = []] = own
    if (!signed || !encrypted) throw new Error('An engine is missing.')
    const browser = visitor(signed())
    await browser.visit((session) => session.set('user', 'ada'))
    const [version, payload = ''] = browser.jar.get('sessionid')?.split('.') ?? []
    expect(version).toBe('s1')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({ user: 'ada' })
  })

  it('is nothing of an encrypted session, and never the same twice', async () => {
    const make = own[1]?.[1]
    const values = new Set<string>()
    for (let round = 0; round < 10; round += 1) {
      const browser = visitor(make?.({ secretKey: SECRET }) ?? raise())
      await browser.visit((session) => session.set('user', 'ada'))
      const value = browser.jar.get('sessionid') ?? ''
      expect(Buffer.from(value.slice(3), 'base64url').toString('latin1')).not.toMatch(/user|ada/)
      values.add(value)
    }
    expect(values.size).toBe(10)
  })
})

function raise(): never {
  throw new Error('An engine is missing.')
}
