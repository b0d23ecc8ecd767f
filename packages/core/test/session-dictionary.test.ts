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

  it('answers undefined for a key that is not there, or the fallback', () => {
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

  it('takes a value out, once', () => {
    const session = new SessionBase()
    session.set('cat', 'dog')

    expect(session.pop('cat')).toBe('dog')
    expect(session.has('cat')).toBe(false)
    expect(session.pop('cat')).toBeUndefined()
    expect(session.pop('cat', 'none')).toBe('none')
  })

  it('takes out a value that is present but falsy instead of the fallback', () => {
    const session = new SessionBase()
    session.set('zero', 0)

    expect(session.pop('zero', 1)).toBe(0)
  })

  it('sets a default once, and answers the value in force', () => {
    const session = new SessionBase()

    expect(session.setDefault('cat', 'dog')).toBe('dog')
    expect(session.setDefault('cat', 'bird')).toBe('dog')
    expect(session.get('cat')).toBe('dog')
  })

  it('takes a value that is undefined for none, as `get` does', () => {
    const session = new SessionBase<{ cat: string | undefined }>()
    session.set('cat', undefined)

    expect(session.pop('cat', 'none')).toBe('none')
    session.set('cat', undefined)
    expect(session.setDefault('cat', 'dog')).toBe('dog')
  })

  it('takes over every key of an object', () => {
    const session = new SessionBase()
    session.set('kept', 1)

    session.update({ cat: 'dog', views: 2 })

    expect(session.toObject()).toEqual({ kept: 1, cat: 'dog', views: 2 })
  })

  it('tells whether a key is there', () => {
    const session = new SessionBase()
    session.set('cat', 'dog')

    expect(session.has('cat')).toBe(true)
    expect(session.has('dog')).toBe(false)
  })

  it('lists keys, values and entries', () => {
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

  it('deletes a key, and tells whether it was there', () => {
    const session = new SessionBase()
    session.set('cat', 'dog')

    expect(session.delete('cat')).toBe(true)
    expect(session.delete('cat')).toBe(false)
  })

  it('empties itself', () => {
    const session = new SessionBase()
    session.set('cat', 'dog')

    session.clear()

    expect([...session.entries()]).toEqual([])
    expect(session.isEmpty).toBe(true)
  })

  it('computes a value from itself', () => {
    const session = new SessionBase()

    expect(session.modify('views', increment)).toBe(1)
    expect(session.modify('views', increment)).toBe(2)
    expect(session.get('views')).toBe(2)
  })

  it('removes a key whose computed value is undefined', () => {
    const session = new SessionBase()
    session.set('views', 1)

    expect(session.modify('views', () => undefined)).toBeUndefined()
    expect(session.has('views')).toBe(false)
  })

  it('is left as it was by a computation that throws', () => {
    const session = new SessionBase()

    expect(() => session.modify('views', fail)).toThrow(RangeError)
    expect(session.modified).toBe(false)
    expect(session.has('views')).toBe(false)
  })

  it('counts an expiry of its own as something to keep, as Django does', () => {
    const session = new SessionBase()

    session.setExpiry(60)

    expect(session.isEmpty).toBe(false)
    expect(session.size).toBe(0)
  })
})

describe('session.data', () => {
  it('is the dictionary itself: each sees what the other does', () => {
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
  it('is a plain object of its own', () => {
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
