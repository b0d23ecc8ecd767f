import { describe, expect, it } from 'vitest'
import { type CommitPlan, type CommitState, planCommit } from '../src/backends/plan.ts'

type Facts = CommitState & { readonly saveEveryRequest: boolean; readonly failed: boolean }

const FACTS: readonly (keyof Facts)[] = [
  'cameWithCookie',
  'stored',
  'filled',
  'accessed',
  'changed',
  'rotated',
  'flushDue',
  'dead',
  'renewalDue',
  'resends',
  'rotatedAway',
  'saveEveryRequest',
  'failed',
]

/** Every combination of facts: 8,192 cells. */
function* everyCell(): Generator<Facts> {
  for (let bits = 0; bits < 2 ** FACTS.length; bits++) {
    const entries = FACTS.map((fact, index) => [fact, (bits & (1 << index)) !== 0] as const)
    yield Object.fromEntries(entries) as unknown as Facts
  }
}

function plan({ saveEveryRequest, failed, ...state }: Facts): CommitPlan {
  return planCommit(state, { saveEveryRequest }, { status: failed ? 500 : 200 })
}

interface Row<T> {
  readonly says: string
  readonly when: Partial<Facts>
  readonly then: T
}

/** What is written: the first row that matches the facts decides. */
const WRITES: readonly Row<CommitPlan['write']>[] = [
  { says: 'a response from 500 on saves nothing', when: { failed: true }, then: 'none' },
  {
    says: 'a rotated session whose expiry is past is not stored',
    when: { rotated: true, dead: true },
    then: 'none',
  },
  {
    says: 'a changed session whose expiry is past is not stored',
    when: { changed: true, dead: true },
    then: 'none',
  },
  { says: 'a stored session is rotated', when: { rotated: true, stored: true }, then: 'rotate' },
  {
    says: 'rotating a session without a record creates one',
    when: { rotated: true },
    then: 'create',
  },
  {
    says: 'a changed session that is stored is saved',
    when: { changed: true, stored: true },
    then: 'save',
  },
  {
    says: 'a new session with data is created',
    when: { changed: true, filled: true },
    then: 'create',
  },
  { says: 'a new session without data is not', when: { changed: true }, then: 'none' },
  {
    says: 'saveEveryRequest touches a session that is stored',
    when: { stored: true, saveEveryRequest: true },
    then: 'touch',
  },
  {
    says: 'a read touches it once its renewal is due',
    when: { stored: true, renewalDue: true },
    then: 'touch',
  },
  { says: 'anything else writes nothing', when: {}, then: 'none' },
]

/** What is deleted from the store. */
const ENDS: readonly Row<boolean>[] = [
  { says: 'a logout is carried out whatever the status', when: { flushDue: true }, then: true },
  { says: 'a failed response ends nothing else', when: { failed: true }, then: false },
  {
    says: 'a changed session whose expiry is past is deleted',
    when: { changed: true, dead: true, stored: true },
    then: true,
  },
  { says: 'so is a rotated one', when: { rotated: true, dead: true, stored: true }, then: true },
  { says: 'anything else deletes nothing', when: {}, then: false },
]

/** What happens to the client's cookie, unless a write sends it. */
const COOKIES: readonly Row<CommitPlan['cookie']>[] = [
  {
    says: 'a logout expires the cookie, unless a new session takes its place',
    when: { cameWithCookie: true, flushDue: true },
    then: 'expire',
  },
  {
    says: 'so does an expiry in the past, by a change',
    when: { cameWithCookie: true, failed: false, dead: true, changed: true },
    then: 'expire',
  },
  {
    says: 'or by a rotation',
    when: { cameWithCookie: true, failed: false, dead: true, rotated: true },
    then: 'expire',
  },
  {
    says: 'a cookie whose key was just rotated stays: the other response sets the new one',
    when: { rotatedAway: true },
    then: 'none',
  },
  {
    says: 'a cookie without a session is expired once the session was read, whatever the status',
    when: { cameWithCookie: true, accessed: true, stored: false, filled: false },
    then: 'expire',
  },
  { says: 'anything else sends no cookie', when: {}, then: 'none' },
]

function decide<T>(
  rows: readonly Row<T>[],
  facts: Facts,
): { readonly then: T; readonly row: Row<T> } {
  const row = rows.find(({ when }) =>
    FACTS.every((fact) => when[fact] === undefined || when[fact] === facts[fact]),
  )
  if (row === undefined) throw new Error('the last row fits every cell')
  return { then: row.then, row }
}

function expectedCookie(facts: Facts): CommitPlan['cookie'] {
  const { then: write } = decide(WRITES, facts)
  if (write === 'touch') {
    const sends = facts.saveEveryRequest || facts.resends
    return sends ? 'set' : decide(COOKIES, facts).then
  }
  return write === 'none' ? decide(COOKIES, facts).then : 'set'
}

describe('planCommit', () => {
  it('decides for every combination of facts what is written, as in the table', () => {
    for (const facts of everyCell()) {
      const { then, row } = decide(WRITES, facts)
      expect(plan(facts).write, `${row.says}: ${JSON.stringify(facts)}`).toBe(then)
    }
  })

  it('decides for every combination of facts what is deleted, as in the table', () => {
    for (const facts of everyCell()) {
      const { then, row } = decide(ENDS, facts)
      expect(plan(facts).end, `${row.says}: ${JSON.stringify(facts)}`).toBe(then)
    }
  })

  it('decides for every combination of facts about the cookie: set with each write but a silent touch, otherwise as in the table', () => {
    for (const facts of everyCell()) {
      expect(plan(facts).cookie, JSON.stringify(facts)).toBe(expectedCookie(facts))
    }
  })

  it.each([
    ['WRITES', WRITES],
    ['ENDS', ENDS],
    ['COOKIES', COOKIES],
  ] as const)('has no unused row in the table %s', (_, rows: readonly Row<unknown>[]) => {
    const deciding = new Set([...everyCell()].map((facts) => decide(rows, facts).row))

    expect(rows.filter((row) => !deciding.has(row))).toEqual([])
  })

  it.each([200, 204, 303, 304, 404, 499])('saves with a status below 500: %i', (status) => {
    const facts: CommitState = {
      cameWithCookie: true,
      stored: true,
      filled: true,
      accessed: true,
      changed: true,
      rotated: false,
      flushDue: false,
      dead: false,
      renewalDue: false,
      resends: true,
      rotatedAway: false,
    }

    expect(planCommit(facts, { saveEveryRequest: false }, { status }).write).toBe('save')
    expect(planCommit(facts, { saveEveryRequest: false }, { status: status + 500 }).write).toBe(
      'none',
    )
  })
})
