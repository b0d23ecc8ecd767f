import { createSessions, djangoSettings, type SessionEvent } from '@sessions/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatabaseEngine } from '../src/sqlite.ts'
import { shared } from './django-shared.ts'
import { djangoSite, response, type DjangoSite, type Seen } from './django-site.ts'

const secretKey = 'one secret for both: \u00e9\u4f1a\ud83d\udd11'

describe.each(Object.entries(shared))('Django and this library over one %s', (_, open) => {
  let django: DjangoSite
  let engine: DatabaseEngine
  let close: () => Promise<void>
  const events: SessionEvent[] = []

  beforeAll(async () => {
    const opened = await open()
    ;({ engine, close } = opened)
    django = djangoSite({ secretKey, database: opened.database })
    await django.call('migrate')
    await engine.migrate()
  }, 60_000)
  afterAll(async () => {
    django.close()
    await close()
  })

  const manager = () =>
    createSessions<Record<string, unknown>>({
      engine,
      ...djangoSettings({ secretKey }),
      onEvent: (event) => void events.push(event),
    })
  const create = async (source: string, expiry?: number): Promise<string> =>
    String(await django.call('create', source, expiry ?? null))
  const read = async (key: string): Promise<Seen> => (await django.call('read', key)) as Seen
  const row = async (key: string): Promise<{ expires: number; data: string }> =>
    (await django.call('row', key)) as { expires: number; data: string }

  it('take turns: one creates, the other changes, and each reads what the other wrote', async () => {
    const key = await create(
      `{'user': 'ada', 'cart': [1, {'né': '会\\U0001f511'}], 'none': None, 'yes': True}`,
    )
    const ours = await manager().open(key).load()
    expect(ours.toObject()).toEqual({
      user: 'ada',
      cart: [1, { né: '\u4f1a\ud83d\udd11' }],
      none: null,
      yes: true,
    })
    ours.set('visits', 1)
    ours.delete('none')
    await ours.save()
    expect(ours.sessionKey).toBe(key)

    expect(await read(key)).toMatchObject({
      key,
      source: `{'user': 'ada', 'cart': [1, {'né': '会\u{1f511}'}], 'yes': True, 'visits': 1}`,
    })
    await django.call('update', key, { visits: 2 })
    const again = await manager().open(key).load()
    expect(again.get('visits')).toBe(2)
  })

  it('read sessions that the other has created, even long, compressed ones', async () => {
    const session = manager().open()
    session.set('text', 'x'.repeat(5000))
    session.set(
      'list',
      Array.from({ length: 100 }, (_, index) => index),
    )
    await session.save()
    const key = session.sessionKey ?? ''
    const { source } = await read(key)
    expect(source).toBe(
      `{'text': '${'x'.repeat(5000)}', 'list': [${Array.from({ length: 100 }, (_, index) => index).join(', ')}]}`,
    )

    const theirs = await create(`{'text': 'y' * 5000}`)
    expect((await manager().open(theirs).load()).get('text')).toBe('y'.repeat(5000))
  })

  it('follow a rotation by the other, after which the old key is gone', async () => {
    const first = await create(`{'user': 'ada'}`)
    const session = await manager().open(first).load()
    session.cycleKey()
    await session.save()
    const second = session.sessionKey ?? ''
    expect(second).not.toBe(first)
    expect(await django.call('exists', first)).toBe(false)
    expect((await read(second)).source).toBe(`{'user': 'ada'}`)

    const third = String(await django.call('cycle', second))
    expect((await manager().open(second).load()).isEmpty).toBe(true)
    expect((await manager().open(third).load()).get('user')).toBe('ada')
  })

  it('see a logout by the other', async () => {
    const ours = await create(`{'user': 'ada'}`)
    const session = manager().open(ours)
    session.flush()
    await manager().commit(session, response)
    expect(await django.call('exists', ours)).toBe(false)
    expect(await read(ours)).toMatchObject({ key: null, source: '{}' })

    const theirs = await create(`{'user': 'ada'}`)
    const loaded = await manager().open(theirs).load()
    await django.call('flush', theirs)
    loaded.set('late', true)
    await expect(loaded.save()).rejects.toMatchObject({ code: 'SESSION_INTERRUPTED' })
    expect(await django.call('exists', theirs)).toBe(false)
  })

  it('lose nothing if Django saves between our load and our save', async () => {
    const key = await create(`{'user': 'ada'}`)
    const session = await manager().open(key).load()
    await django.call('update', key, { theirs: 1 })
    session.set('ours', 1)
    await session.save()
    expect((await read(key)).source).toBe(`{'user': 'ada', 'ours': 1, 'theirs': 1}`)
  })

  it('agree on an expiry in seconds, at browser close, and by default', async () => {
    for (const [seconds, age, browser] of [
      [300, 300, false],
      [0, 1_209_600, true],
      [undefined, 1_209_600, false],
    ] as const) {
      const theirs = await create(`{'user': 'ada'}`, seconds)
      const loaded = await manager().open(theirs).load()
      expect([loaded.getExpiryAge(), loaded.getExpireAtBrowserClose()]).toEqual([age, browser])

      const ours = manager().open()
      ours.set('user', 'ada')
      if (seconds !== undefined) ours.setExpiry(seconds)
      const before = Date.now() / 1000
      await ours.save()
      const key = ours.sessionKey ?? ''
      expect(await read(key)).toMatchObject({ age, browser })
      const { expires } = await row(key)
      expect(expires).toBeGreaterThanOrEqual(Math.floor(before * 1000) / 1000 + age)
      expect(expires).toBeLessThan(before + age + 60)
    }
  })

  it('keep a date that we set as the deadline of the row, to the millisecond', async () => {
    const session = manager().open()
    session.set('user', 'ada')
    for (const milliseconds of [0, 7, 120, 999]) {
      const date = new Date(Math.floor(Date.now() / 1000) * 1000 + 86_400_000 + milliseconds)
      session.setExpiry(date)
      await session.save()
      const key = session.sessionKey ?? ''
      expect(Math.round((await row(key)).expires * 1000)).toBe(date.getTime())
      expect((await engine.load(key))?.expiresAt).toBe(date.getTime())
    }
  })

  it('agree on which sessions have expired, and each can clear them', async () => {
    for (const clear of [
      async () => engine.clearExpired({}),
      async () => django.call('clearsessions'),
    ]) {
      const theirs = await create(`{'user': 'ada'}`)
      const ours = manager().open()
      ours.set('user', 'ada')
      await ours.save()
      const live = await create(`{'user': 'bob'}`)
      for (const key of [theirs, ours.sessionKey ?? '']) {
        await django.call('age', key, -0.001)
        expect((await manager().open(key).load()).isEmpty).toBe(true)
        expect((await read(key)).source).toBe('{}')
      }

      await clear()

      for (const key of [theirs, ours.sessionKey]) {
        await expect(django.call('row', key)).rejects.toThrow(/^DoesNotExist/)
      }
      expect((await manager().open(live).load()).get('user')).toBe('bob')
    }
    expect(await engine.clearExpired({})).toBe(0)
  })

  it('refuse data that the other has signed with another secret, and keep the key', async () => {
    const other = createSessions<Record<string, unknown>>({
      engine,
      ...djangoSettings({ secretKey: 'another secret' }),
    })
    const session = other.open()
    session.set('user', 'mallory')
    await session.save()
    const key = session.sessionKey ?? ''
    expect((await read(key)).source).toBe('{}')

    events.length = 0
    const ours = await manager()
      .open(await create(`{'user': 'ada'}`))
      .load()
    expect(ours.get('user')).toBe('ada')
    const strange = await manager().open(key).load()
    expect(strange.toObject()).toEqual({})
    expect(events.map(({ type }) => type)).toEqual(['suspicious'])
  })

  it('share sessions while a secret is replaced, which Django 3.2 cannot do itself', async () => {
    const key = await create(`{'user': 'ada'}`)
    const next = createSessions<Record<string, unknown>>({
      engine,
      ...djangoSettings({ secretKey: 'the next secret', secretKeyFallbacks: [secretKey] }),
    })
    const session = await next.open(key).load()
    expect(session.get('user')).toBe('ada')
    session.set('seen', true)
    await session.save()
    expect((await next.open(key).load()).get('seen')).toBe(true)
    expect((await read(key)).source).toBe('{}')
  })

  describe('values that JavaScript cannot represent', () => {
    it('change when we save: whole floats, integers over 2^53, and the order of numeric keys', async () => {
      const key = await create(`{'float': 1.0, 'big': 2 ** 53 + 1, 'b': {'b': 1, '10': 2, '9': 3}}`)
      const session = await manager().open(key).load()
      expect(session.get('float')).toBe(1)
      expect(session.get('big')).toBe(2 ** 53)
      session.set('seen', true)
      await session.save()
      expect((await read(key)).source).toBe(
        `{'float': 1, 'big': 9007199254740992, 'b': {'9': 3, '10': 2, 'b': 1}, 'seen': True}`,
      )
    })

    it('stay as they are if we only read', async () => {
      const key = await create(`{'float': 1.0, 'big': 2 ** 53 + 1}`)
      const before = await row(key)
      const session = await manager().open(key).load()
      expect(session.data['float']).toBe(1)
      await manager().commit(session, response)
      expect(await row(key)).toEqual(before)
    })

    it('such as NaN, which is no JSON, make a session count as empty and suspicious', async () => {
      const key = await create(`{'user': 'ada', 'ratio': nan}`)
      events.length = 0
      const session = await manager().open(key).load()
      expect(session.toObject()).toEqual({})
      expect(events.map(({ type }) => type)).toEqual(['suspicious'])
    })
  })
})
