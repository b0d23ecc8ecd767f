import { describe, expect, it } from 'vitest'
import type { Session } from '../src/session/session.ts'
import { OK } from './support/site.ts'
import { withSession } from './support/with-session.ts'

describe('two requests over one session', () => {
  it('keep the changes of both if they changed different keys', async () => {
    const { cookie, data, manager, open } = await withSession({ base: 0 })
    const [a, b] = [await open(), await open()]
    a.set('a', 1)
    b.set('b', 2)

    await Promise.all([manager.commit(a, OK), manager.commit(b, OK)])

    expect(await data(cookie)).toEqual({ base: 0, a: 1, b: 2 })
  })

  it('keep the later value if they changed the same key', async () => {
    const { cookie, data, manager, open } = await withSession({})
    const [a, b] = [await open(), await open()]
    a.set('k', 'a')
    b.set('k', 'b')

    await manager.commit(b, OK)
    await manager.commit(a, OK)

    expect(await data(cookie)).toEqual({ k: 'a' })
  })

  it('keep a key deleted if one of them deleted it', async () => {
    const { cookie, data, manager, open } = await withSession({ gone: 1 })
    const [a, b] = [await open(), await open()]
    a.delete('gone')
    b.set('b', 2)

    await manager.commit(a, OK)
    await manager.commit(b, OK)

    expect(await data(cookie)).toEqual({ b: 2 })
  })

  it('keep an in-place change of a nested object', async () => {
    const { cookie, data, manager, open } = await withSession({ cart: { items: ['a'] } })
    const [a, b] = [await open(), await open()]
    a.get('cart').items.push('b')
    b.set('other', 1)

    await manager.commit(b, OK)
    await manager.commit(a, OK)

    expect(await data(cookie)).toEqual({ cart: { items: ['a', 'b'] }, other: 1 })
  })

  it('show the merged data to the replayed request, in the same `data` object', async () => {
    const { open } = await withSession({ list: [1] })
    const [a, b] = [await open(), await open()]
    const held = a.data
    a.set('a', 1)
    b.set('b', 2)

    await b.save()
    await a.save()

    expect({ ...held }).toEqual({ list: [1], a: 1, b: 2 })
    expect(a.modified).toBe(false)
  })

  it.each<[string, (session: Session) => void, unknown]>([
    [
      'changed in place after a modify',
      (session) => session.modify('list', (list) => list).push('mine'),
      ['base', 'mine'],
    ],
    [
      'changed in place before a modify',
      (session) => {
        session.get('list').push('mine')
        session.modify('list', (list) => [...list, 'more'])
      },
      ['base', 'mine', 'more'],
    ],
    [
      'set through data before a modify',
      (session) => {
        session.data.list = []
        session.modify('list', (list) => [...list, 'more'])
      },
      ['more'],
    ],
    [
      'deleted through data before a modify',
      (session) => {
        delete session.data.list
        session.modify('list', (list) => [...(list ?? []), 'more'])
      },
      ['more'],
    ],
    [
      'changed in place between two calls of modify',
      (session) => {
        session.modify('list', (list) => list).push('mine')
        session.modify('list', (list) => [...list, 'more'])
      },
      ['base', 'mine', 'more'],
    ],
  ])('keep a value %s, however many conflicts follow', async (_, change, list) => {
    for (const conflicts of [0, 1, 2, 3]) {
      const { cookie, data, engine, manager, on, open } = await withSession({ list: ['base'] })
      const a = await open()
      change(a)
      let left = conflicts
      on(async (operation) => {
        if (operation !== 'save' || left === 0) return
        left--
        const record = [...engine.records.entries()].at(-1)
        if (record === undefined) return
        const [id, { data, ...rest }] = record
        const theirs = { ...JSON.parse(data), list: ['theirs'], left }
        engine.records.set(id, { ...rest, data: JSON.stringify(theirs), version: `theirs ${left}` })
      })

      await manager.commit(a, OK)

      expect(left).toBe(0)
      expect((await data(cookie)).list).toEqual(list)
    }
  })

  it('keep an in-place change after a replay of an object that was obtained before it', async () => {
    const { cookie, data, manager, open } = await withSession({ cart: { items: ['a'] } })
    const [a, b] = [await open(), await open()]
    const cart = a.get('cart')
    b.set('b', 2)
    await b.save()
    a.set('a', 1)
    await a.save()

    cart.items.push('b')
    await manager.commit(a, OK)

    expect(await data(cookie)).toEqual({ cart: { items: ['a', 'b'] }, a: 1, b: 2 })
  })
})

describe('fifty concurrent requests over one session', () => {
  const fifty = Array.from({ length: 50 }, (_, index) => index)

  it('add fifty with modify', async () => {
    const { cookie, data, manager, open } = await withSession({ n: 0 })
    const sessions = await Promise.all(fifty.map(() => open()))

    await Promise.all(
      sessions.map(async (session) => {
        session.modify('n', (n) => n + 1)
        return manager.commit(session, OK)
      }),
    )

    expect(await data(cookie)).toEqual({ n: 50 })
  })

  it('keep all of their fifty keys', async () => {
    const { cookie, data, manager, open } = await withSession({})
    const sessions = await Promise.all(fifty.map(() => open()))

    await Promise.all(
      sessions.map(async (session, index) => manager.commit(session.set(`key${index}`, index), OK)),
    )

    expect(Object.keys(await data(cookie))).toHaveLength(50)
  })

  it('make four engine calls each, since those of one process replay one after the other', async () => {
    const { engine, manager, open } = await withSession({})
    const sessions = await Promise.all(fifty.map(() => open()))

    await Promise.all(
      sessions.map(async (session, index) => manager.commit(session.set(`k${index}`, 1), OK)),
    )

    expect(engine.calls).toHaveLength(50 + 50 + 2 * 49)
  })

  it('do not wait for a request that has failed', async () => {
    const { cookie, data, manager, on, open } = await withSession({})
    const [first, ...others] = await Promise.all(fifty.map(() => open()))
    await first?.set('first', 1).save()
    let saves = 0
    on((operation) => {
      if (operation === 'save' && ++saves === 60) throw new Error('down')
    })

    const answers = await Promise.allSettled(
      others.map(async (session, index) => manager.commit(session.set(`k${index}`, 1), OK)),
    )

    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(Object.keys(await data(cookie))).toHaveLength(1 + 48)
  })

  it('wait for three time-outs at most while the store does not answer', async () => {
    const { engine, manager, open } = await withSession({})
    const [first, ...others] = await Promise.all(fifty.map(() => open()))
    await first?.set('first', 1).save()
    const unanswered: (() => void)[] = []
    engine.load = () =>
      new Promise((_, reject) => {
        unanswered.push(() => reject(new Error('no answer')))
      })

    let answered = 0
    for (const session of others) {
      void (async () => manager.commit(session.set('k', 1), OK))().catch(() => answered++)
    }
    let timeouts = 0
    while (answered < others.length) {
      // Until all that can be asked has been asked.
      await new Promise(setImmediate)
      if (unanswered.length > 0) timeouts++
      for (const timeOut of unanswered.splice(0)) timeOut()
    }

    expect(timeouts).toBe(3)
  })

  it('pause for a random time before a replay, at most 32 ms', async () => {
    const pauses: number[] = []
    const { manager, open } = await withSession(
      {},
      { sleep: async (milliseconds) => void pauses.push(milliseconds) },
    )
    const sessions = await Promise.all(fifty.map(() => open()))

    await Promise.all(
      sessions.map(async (session, index) => manager.commit(session.set(`k${index}`, 1), OK)),
    )

    expect(pauses.length).toBeGreaterThan(0)
    expect(Math.max(...pauses)).toBeLessThan(32)
    expect(new Set(pauses).size).toBeGreaterThan(1)
  })
})
