import { describe, expect, it } from 'vitest'
import { ChangeLog, type Update } from '../src/session/change-log.ts'

const add: Update = (value) => `${String(value)}+`
const log = (change: (log: ChangeLog) => void): ChangeLog => {
  const changes = new ChangeLog()
  change(changes)
  return changes
}
const replaced = { updates: undefined, outcome: undefined }

describe('ChangeLog', () => {
  it('collects the functions passed to modify, with the last outcome', () => {
    const changes = log((l) => {
      l.modify('k', [add], 'a+')
      l.modify('k', [add], 'a++')
    })

    expect([...changes.keys]).toEqual([['k', { updates: [add, add], outcome: 'a++' }]])
  })

  it.each<[string, (l: ChangeLog) => void]>([
    ['set', (l) => l.replace('k')],
    ['cleared with all others', (l) => l.clear()],
  ])('replays modify as its outcome if this request had %s the key before', (_, before) => {
    const changes = log((l) => {
      before(l)
      l.modify('k', [add], 'a+')
    })

    expect([...changes.keys]).toEqual([['k', replaced]])
  })

  it('forgets changes of single keys at clear', () => {
    const changes = log((l) => {
      l.replace('k')
      l.clear()
    })

    expect(changes.cleared).toBe(true)
    expect([...changes.keys]).toEqual([])
  })

  it('keeps the functions of a replayed key, with the new outcome', () => {
    const changes = log((l) => {
      l.modify('k', [add], 'a+')
      l.replayed('k', 'b+')
    })

    expect([...changes.keys]).toEqual([['k', { updates: [add], outcome: 'b+' }]])
  })

  it('merges two logs as if they were one', () => {
    const earlier = log((l) => {
      l.modify('k', [add], 'a+')
      l.replace('set')
      l.rotated = true
    })
    const later = log((l) => {
      l.modify('k', [add], 'a++')
      l.modify('set', [add], 's+')
      l.replace('new')
      l.expirySet = true
      l.modified = true
    })

    const both = earlier.followedBy(later)

    expect(Object.fromEntries(both.keys)).toEqual({
      k: { updates: [add, add], outcome: 'a++' },
      set: replaced,
      new: replaced,
    })
    expect(both).toMatchObject({ rotated: true, expirySet: true, modified: true, cleared: false })
    expect([...earlier.keys.keys()]).toEqual(['k', 'set'])
  })

  it('drops the key changes of a log that is followed by a clear', () => {
    const both = log((l) => l.modify('k', [add], 'a+')).followedBy(
      log((l) => {
        l.clear()
        l.modify('new', [add], 'n+')
      }),
    )

    expect(both.cleared).toBe(true)
    expect([...both.keys]).toEqual([['new', replaced]])
  })
})
