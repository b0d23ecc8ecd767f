import type { SessionEngine } from '@sessions/core'
import { expect } from 'vitest'
import { group, type CaseBody, type EngineCase, type EngineContext } from './context.ts'
import { after, make, type Answer, type Call, type Stored } from './pair-outcomes.ts'
import type { EngineSubject } from './subject.ts'

type Operation = Call['operation']

/** Two calls, in the order in which they are begun. */
interface Round {
  readonly operations: readonly [Operation, Operation]
  /** Whether they are given the version that both have loaded. */
  readonly named: readonly [boolean, boolean]
  /** How many round trips after the first the second is begun. */
  readonly lag: number
  /** The engine that makes the second call. */
  readonly by: SessionEngine
}

const HOUR = 3_600_000

const pairs: readonly (readonly [Operation, Operation])[] = [
  ['load', 'create'],
  ['load', 'save'],
  ['load', 'touch'],
  ['load', 'delete'],
  ['create', 'create'],
  ['create', 'save'],
  ['create', 'touch'],
  ['create', 'delete'],
  ['save', 'save'],
  ['save', 'touch'],
  ['save', 'delete'],
  ['touch', 'touch'],
  ['touch', 'delete'],
  ['delete', 'delete'],
]

/**
 * Two calls at once answer and leave what they would if one waited for the other. A call that looks first and writes then
 * is found out by the one that comes in between.
 */
export const pairCases: (subject: EngineSubject) => readonly EngineCase[] = group(
  'at once',
  Object.fromEntries(
    pairs.map(([one, other]): [string, CaseBody] => [
      `a ${one} and a ${other} end as one after the other`,
      async (context) => {
        for (const round of roundsOf(one, other, context)) await play(round, context)
      },
    ]),
  ),
)

/** Either order, with versions and without. */
function* roundsOf(
  one: Operation,
  other: Operation,
  { engine, peer }: EngineContext,
): Generator<Round> {
  const orders: [Operation, Operation][] = [[one, other]]
  if (one !== other) orders.push([other, one])
  for (const operations of orders)
    for (const first of namings(operations[0]))
      for (const second of namings(operations[1]))
        // By one connection a store gets the calls in their order; by two, as they come.
        for (const by of [engine, peer])
          // What looks more than once before it writes is crossed by a call that comes later.
          for (const lag of [0, 1, 2]) yield { operations, named: [first, second], lag, by }
}

async function play({ operations, named, lag, by }: Round, context: EngineContext): Promise<void> {
  const { engine, record, granularity } = context
  const { id } = await context.stored('loaded by both')
  const elsewhere = context.id()
  const loaded = await engine.load(id)
  const callOf = async (index: 0 | 1): Promise<Call> => ({
    operation: operations[index],
    record: await record(operations[index] === 'touch' ? 'loaded by both' : `data ${index}`, {
      life: (index + 2) * HOUR,
    }),
    version: named[index] ? loaded?.version : undefined,
  })
  const first = await callOf(0)
  const second = await callOf(1)
  const makeLater = async (): Promise<Answer> => {
    for (let trip = 0; trip < lag; trip += 1) await by.exists(elsewhere)
    return make(second, by, id)
  }

  const [one, other] = await Promise.all([make(first, engine, id), makeLater()])
  const left = await engine.load(id)

  const ends = [
    ...after(loaded, first, one).flatMap((between) => after(between, second, other)),
    ...after(loaded, second, other).flatMap((between) => after(between, first, one)),
  ]
  const story = `${tell(first, one)}, ${tell(second, other)}, and ${left?.data ?? 'nothing'} is left`
  expect(
    ends.some((end) => same(end, left, granularity)),
    story,
  ).toBe(true)
}

function same(one: Stored, other: Stored, granularity: number): boolean {
  if (!one || !other) return one === other
  const late = Math.abs(one.expiresAt - other.expiresAt)
  return one.data === other.data && one.version === other.version && late < granularity
}

/** For a failing case: what happened. */
function tell({ operation, version }: Call, { status }: Answer): string {
  return `${operation}${version === undefined ? '' : ' of the version'} answered ${status}`
}

/** Whether such a call names a version: with and without, where it takes one. */
function namings(operation: Operation): readonly boolean[] {
  return operation === 'load' || operation === 'create' ? [false] : [true, false]
}
