import { describe, expect, it } from 'vitest'
import { SessionBase } from '../src/session/session-base.ts'

const increment = (value = 0) => value + 1
const fail = () => {
  throw new RangeError('no such number')
}

describe('SessionBase, as a dictionary', () => {
  it('begins without data and without flags', () => {
    const session = new SessionBase()

    expect(session.toObject()).toEqual({})
    expect(session.isEmpty).toBe(true)
    expect(session.size).toBe(0)
    expect(new SessionBase().modified).toBe(false)
    expect(new SessionBase().accessed).toBe(false)
  })

  it('returns undefined or the fallback for an absent key', () => {
    const session = new SessionBase()

    expect(session.get('cat')).toBeUndefined()
    expect(session.get('cat', 'none')).toBe('none')
    expect(session.get('views', 0) + 1).toBe(1)
  })

  it('keeps what is set, null and false included', () => {
    const session = new SessionBase()

    session.set('cat', 'dog').set('nothing', null).set('no', false)

    expect(session.get('cat', 'fallback')).toBe('dog')
    expect(session.get('nothing', 'fallback')).toBeNull()
    expect(session.get('no', true)).toBe(false)
  })

  it('pop() returns and deletes a value', () => {
    const session = new SessionBase()
    session.set('cat', 'dog')

    expect(session.pop('cat')).toBe('dog')
    expect(session.has('cat')).toBe(false)
    expect(session.pop('cat')).toBeUndefined()
    expect(session.pop('cat', 'none')).toBe('none')
  })

  it('pop() returns a falsy value instead of the fallback', () => {
    const session = new SessionBase()
    session.set('zero', 0)

    expect(session.pop('zero', 1)).toBe(0)
  })

  it('setDefault() sets an absent key, and returns the current value', () => {
    const session = new SessionBase()

    expect(session.setDefault('cat', 'dog')).toBe('dog')
    expect(session.setDefault('cat', 'bird')).toBe('dog')
    expect(session.get('cat')).toBe('dog')
  })

  it('setDefault() and pop() treat an undefined value as absent, as get() does', () => {
    const session = new SessionBase<{ cat: string | undefined }>()
    session.set('cat', undefined)

    expect(session.pop('cat', 'none')).toBe('none')
    session.set('cat', undefined)
    expect(session.setDefault('cat', 'dog')).toBe('dog')
  })

  it('update() sets every key of an object', () => {
    const session = new SessionBase()
    session.set('kept', 1)

    session.update({ cat: 'dog', views: 2 })

    expect(session.toObject()).toEqual({ kept: 1, cat: 'dog', views: 2 })
  })

  it('has() says whether a key is there', () => {
    const session = new SessionBase()
    session.set('cat', 'dog')

    expect(session.has('cat')).toBe(true)
    expect(session.has('dog')).toBe(false)
  })

  it('keys(), values() and entries() list the data', () => {
    const session = new SessionBase()
    session.update({ cat: 'dog', views: 2 })

    expect([...session.keys()]).toEqual(['cat', 'views'])
    expect([...session.values()]).toEqual(['dog', 2])
    expect([...session.entries()]).toEqual([
      ['cat', 'dog'],
      ['views', 2],
    ])
    expect(session.size).toBe(2)
  })

  it('delete() deletes a key, and returns whether it existed', () => {
    const session = new SessionBase()
    session.set('cat', 'dog')

    expect(session.delete('cat')).toBe(true)
    expect(session.delete('cat')).toBe(false)
  })

  it('clear() empties it', () => {
    const session = new SessionBase()
    session.set('cat', 'dog')

    session.clear()

    expect([...session.entries()]).toEqual([])
    expect(session.isEmpty).toBe(true)
  })

  it('modify() computes a value from the current one', () => {
    const session = new SessionBase()

    expect(session.modify('views', increment)).toBe(1)
    expect(session.modify('views', increment)).toBe(2)
    expect(session.get('views')).toBe(2)
  })

  it('modify() deletes the key if the function returns undefined', () => {
    const session = new SessionBase()
    session.set('views', 1)

    expect(session.modify('views', () => undefined)).toBeUndefined()
    expect(session.has('views')).toBe(false)
  })

  it('modify() changes nothing if the function throws', () => {
    const session = new SessionBase()

    expect(() => session.modify('views', fail)).toThrow(RangeError)
    expect(session.modified).toBe(false)
    expect(session.has('views')).toBe(false)
  })

  it('is not empty with its own expiry, as in Django', () => {
    const session = new SessionBase()

    session.setExpiry(60)

    expect(session.isEmpty).toBe(false)
    expect(session.size).toBe(0)
  })
})

describe('session.data', () => {
  it('is the dictionary itself, live in both directions', () => {
    const session = new SessionBase()
    const { data } = session

    data.cat = 'dog'
    session.set('views', 1)
    delete data.absent

    expect(session.get('cat')).toBe('dog')
    expect(data.views).toBe(1)
    expect(session.data).toBe(data)
  })

  it('stays the dictionary after clear and flush', () => {
    const session = new SessionBase()
    const { data } = session

    session.set('cat', 'dog')
    session.clear()
    expect(Object.keys(data)).toEqual([])

    session.flush()
    session.set('views', 1)
    expect(data.views).toBe(1)
  })

  it('has no prototype', () => {
    const { data } = new SessionBase()

    expect(Object.getPrototypeOf(data)).toBeNull()
    expect(data.toString).toBeUndefined()
    expect('constructor' in data).toBe(false)
  })
})

describe('toObject', () => {
  it('returns a separate plain object', () => {
    const session = new SessionBase()
    session.set('cat', 'dog')

    const copy = session.toObject()
    copy.cat = 'bird'
    copy.more = true

    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect(session.get('cat')).toBe('dog')
    expect(session.size).toBe(1)
  })
})
