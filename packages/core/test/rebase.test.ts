import { describe, expect, it } from 'vitest'
import { ChangeLog } from '../src/session/change-log.ts'
import type { Payload } from '../src/payload/payload.ts'
import { rebase, type Replayable } from '../src/records/rebase.ts'
import { jsonSerializer } from '../src/payload/serializer.ts'

type Values = Record<string, unknown>

const dictionary = (values: Values): Values => Object.assign(Object.create(null) as Values, values)
const plain = (values: Values): Values => ({ ...values })

function log(change: (log: ChangeLog) => void): ChangeLog {
  const changes = new ChangeLog()
  change(changes)
  return changes
}

function mine(given: Partial<Replayable>): Replayable {
  return {
    data: dictionary({}),
    base: dictionary({}),
    expiry: undefined,
    created: undefined,
    foreign: undefined,
    log: new ChangeLog(),
    shared: false,
    dumps: jsonSerializer.dumps,
    ...given,
  }
}

function theirs(data: Values, given: Partial<Payload> = {}): Payload {
  return {
    data: dictionary(data),
    expiry: undefined,
    created: undefined,
    foreign: undefined,
    successor: undefined,
    ...given,
  }
}

function replay(request: Partial<Replayable>, stored: Payload): Values | undefined {
  const result = rebase(mine(request), stored)
  return result === undefined ? undefined : plain(result.data)
}

const increment = (value: unknown): unknown => ((value as number | undefined) ?? 0) + 1

describe('rebase', () => {
  describe('one key, changed by this request and by the other one', () => {
    const base = dictionary({ k: 'base' })
    const set = { data: dictionary({ k: 'mine' }), base, log: log((l) => l.replace('k')) }
    const removed = { data: dictionary({}), base, log: log((l) => l.replace('k')) }
    const nested = { data: dictionary({ k: 'mine' }), base, shared: true }
    const nestedRemoval = { data: dictionary({}), base, shared: true }
    const untouched = { data: dictionary({ k: 'base' }), base, shared: true }
    const cleared = { data: dictionary({}), base, log: log((l) => l.clear()) }

    it.each([
      ['set', set, { k: 'base' }, { k: 'mine' }],
      ['set', set, { k: 'theirs' }, { k: 'mine' }],
      ['set', set, {}, { k: 'mine' }],
      ['deleted', removed, { k: 'base' }, {}],
      ['deleted', removed, { k: 'theirs' }, {}],
      ['deleted', removed, {}, {}],
      ['changed in place', nested, { k: 'base' }, { k: 'mine' }],
      ['changed in place', nested, { k: 'theirs' }, { k: 'mine' }],
      ['changed in place', nested, {}, { k: 'mine' }],
      ['deleted in place', nestedRemoval, { k: 'theirs' }, {}],
      ['untouched', untouched, { k: 'base' }, { k: 'base' }],
      ['untouched', untouched, { k: 'theirs' }, { k: 'theirs' }],
      ['untouched', untouched, {}, {}],
      ['cleared', cleared, { k: 'theirs', other: 1 }, {}],
    ])('%s here %#: the stored %#', (_, request, stored, expected) => {
      expect(replay(request, theirs(stored))).toEqual(expected)
    })
  })

  it('keeps the keys that only the other request changed', () => {
    const request = { data: dictionary({ a: 1 }), log: log((l) => l.replace('a')) }

    expect(replay(request, theirs({ b: 2 }))).toEqual({ a: 1, b: 2 })
  })

  it('never merges values', () => {
    const base = dictionary({ cart: [1] })
    const request = { data: dictionary({ cart: [1, 2] }), base, shared: true }

    expect(replay(request, theirs({ cart: [1, 3] }))).toEqual({ cart: [1, 2] })
  })

  it('sets a value again that was set explicitly, even if it equals the loaded one', () => {
    const base = dictionary({ k: 1 })
    const request = { data: dictionary({ k: 1 }), base, log: log((l) => l.replace('k')) }

    expect(replay(request, theirs({ k: 2 }))).toEqual({ k: 1 })
  })

  it('runs the functions of modify again, in order, on what the other request stored', () => {
    const changes = log((l) => {
      l.modify('n', [increment], '1')
      l.modify('n', [(value) => (value as number) * 10], '10')
    })

    expect(replay({ data: dictionary({ n: 10 }), log: changes }, theirs({ n: 4 }))).toEqual({
      n: 50,
    })
  })

  it('replays an in-place change at the next conflict too, even if another request made the same change', () => {
    const request = { data: dictionary({}), base: dictionary({ a: 1 }), shared: true }
    const first = rebase(mine(request), theirs({}))
    const second = first && rebase(mine({ ...first, base: dictionary({}) }), theirs({ a: 17 }))

    expect(second && plain(second.data)).toEqual({})
  })

  it('runs the functions of modify again at the next replay as well', () => {
    const changes = log((l) => l.modify('n', [increment], '1'))
    const first = rebase(mine({ data: dictionary({ n: 1 }), log: changes }), theirs({ n: 7 }))
    const second = first && rebase(mine(first), theirs({ n: 20 }))

    expect(second && plain(second.data)).toEqual({ n: 21 })
  })

  it('deletes the key if modify returns undefined', () => {
    const changes = log((l) => l.modify('n', [() => undefined], undefined))

    expect(replay({ log: changes }, theirs({ n: 4, m: 1 }))).toEqual({ m: 1 })
  })

  it('replays a modify after a set as its result', () => {
    const changes = log((l) => {
      l.replace('n')
      l.modify('n', [increment], '6')
    })

    expect(replay({ data: dictionary({ n: 6 }), log: changes }, theirs({ n: 100 }))).toEqual({
      n: 6,
    })
  })

  it('replays a modify after a clear as its result', () => {
    const changes = log((l) => {
      l.clear()
      l.modify('n', [increment], '1')
    })

    expect(replay({ data: dictionary({ n: 1 }), log: changes }, theirs({ n: 100 }))).toEqual({
      n: 1,
    })
  })

  it('keeps what was changed in place after a modify', () => {
    const changes = log((l) => l.modify('list', [() => ['made']], '["made"]'))
    const request = { data: dictionary({ list: ['made', 'pushed'] }), log: changes, shared: true }

    expect(replay(request, theirs({ list: ['theirs'] }))).toEqual({ list: ['made', 'pushed'] })
  })

  it('clears what the other request stored, and keeps what was set after the clear', () => {
    const changes = log((l) => {
      l.clear()
      l.replace('a')
    })

    expect(replay({ data: dictionary({ a: 1 }), log: changes }, theirs({ b: 2 }))).toEqual({ a: 1 })
  })

  it('takes the expiry of the other request, unless this one set it or cleared the session', () => {
    const stored = theirs({}, { expiry: 60 })
    const expiryOf = (changes: ChangeLog) =>
      rebase(mine({ expiry: 5, log: changes }), stored)?.expiry

    expect(expiryOf(new ChangeLog())).toBe(60)
    expect(expiryOf(log((l) => (l.expirySet = true)))).toBe(5)
    expect(rebase(mine({ log: log((l) => l.clear()) }), stored)?.expiry).toBeUndefined()
  })

  it('keeps the stored creation time', () => {
    expect(rebase(mine({ created: 20 }), theirs({}, { created: 10 }))?.created).toBe(10)
    expect(rebase(mine({ created: 20, log: log((l) => l.clear()) }), theirs({}))?.created).toBe(20)
  })

  it('does not replay the session of one user on that of another', () => {
    const request = { data: dictionary({ _auth_user_id: '1' }) }

    expect(replay(request, theirs({ _auth_user_id: '2' }))).toBeUndefined()
    expect(replay(request, theirs({ _auth_user_id: '1' }))).toEqual({ _auth_user_id: '1' })
    expect(replay(request, theirs({}))).toEqual({})
    expect(replay({}, theirs({ _auth_user_id: '2' }))).toEqual({ _auth_user_id: '2' })
  })

  it('treats __proto__ and integer-like names as keys like any other', () => {
    const data = dictionary({ ['__proto__']: 'mine', 7: 'seven' })
    const request = { data, base: dictionary({}), shared: true }

    const result = rebase(mine(request), theirs({ ['constructor']: 'theirs' }))

    expect(result && Object.entries(result.data)).toEqual([
      ['7', 'seven'],
      ['constructor', 'theirs'],
      ['__proto__', 'mine'],
    ])
  })

  it('mutates neither argument', () => {
    const data = dictionary({ n: 1 })
    const changes = log((l) => l.modify('n', [increment], '1'))
    const stored = theirs({ n: 5, list: [1] })

    rebase(mine({ data, log: changes }), stored)

    expect(plain(data)).toEqual({ n: 1 })
    expect(plain(stored.data)).toEqual({ n: 5, list: [1] })
    expect(changes.keys.get('n')?.outcome).toBe('1')
  })
})
