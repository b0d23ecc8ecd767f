import type { SessionEngine } from '@sessions/core'
import { expect } from 'vitest'
import { group, type CaseBody, type EngineContext } from './context.ts'
import { make, statesAfter, type Answer, type Call, type Stored } from './pair-outcomes.ts'
import type { EngineSubject } from './subject.ts'
import type { SuiteCase } from '../register-cases.ts'

type Operation = Call['operation']

/** Two concurrent calls, in the order in which they start. */
interface Round {
  readonly operations: readonly [Operation, Operation]
  /** Whether each passes the version that was loaded before. */
  readonly versioned: readonly [boolean, boolean]
  /** How many round trips the second starts behind the first. */
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
 * Two concurrent calls return and store what they would had one waited for the other. This exposes a call that first
 * reads and then writes: the other call comes in between.
 */
export const pairCases: (subject: EngineSubject) => readonly SuiteCase[] = group(
  'concurrent calls',
  Object.fromEntries(
    pairs.map(([one, other]): [string, CaseBody] => [
      `a ${one} and a ${other} end as if one had waited for the other`,
      async (context) => {
        for (const round of roundsOf(one, other, context)) await play(round, context)
      },
    ]),
  ),
)

/** Either order, with and without versions, over one connection and over two. */
function* roundsOf(
  one: Operation,
  other: Operation,
  { engine, peer }: EngineContext,
): Generator<Round> {
  const orders: [Operation, Operation][] = [[one, other]]
  if (one !== other) orders.push([other, one])
  for (const operations of orders)
    for (const first of versionChoices(operations[0]))
      for (const second of versionChoices(operations[1]))
        // One connection delivers the calls in order; two, in any order.
        for (const by of [engine, peer])
          // A call that reads more than once before it writes is only caught by one that starts later.
          for (const lag of [0, 1, 2]) yield { operations, versioned: [first, second], lag, by }
}

async function play(
  { operations, versioned, lag, by }: Round,
  context: EngineContext,
): Promise<void> {
  const { engine, record, granularity } = context
  const { id } = await context.stored('loaded by both')
  const elsewhere = context.id()
  const loaded = await engine.load(id)
  const callOf = async (index: 0 | 1): Promise<Call> => ({
    operation: operations[index],
    record: await record(operations[index] === 'touch' ? 'loaded by both' : `data ${index}`, {
      life: (index + 2) * HOUR,
    }),
    version: versioned[index] ? loaded?.version : undefined,
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
    ...statesAfter(loaded, first, one).flatMap((between) => statesAfter(between, second, other)),
    ...statesAfter(loaded, second, other).flatMap((between) => statesAfter(between, first, one)),
  ]
  const story = `${tell(first, one)}, ${tell(second, other)}, and ${left ? `"${left.data}"` : 'nothing'} is stored: neither order of the calls leads to these results, this data, its version and its deadline`
  expect(
    ends.some((end) => same(end, left, granularity)),
    story,
  ).toBe(true)
}

function same(one: Stored, other: Stored, granularity: number): boolean {
  if (!one || !other) return one === other
  const difference = Math.abs(one.expiresAt - other.expiresAt)
  return one.data === other.data && one.version === other.version && difference < granularity
}

/** What a call returned, for the message of a failing case. */
function tell({ operation, version }: Call, { status }: Answer): string {
  return `${operation}${version === undefined ? '' : ' with the loaded version'} returned ${status}`
}

/** Whether to pass a version: both ways for an operation that takes one. */
function versionChoices(operation: Operation): readonly boolean[] {
  return operation === 'load' || operation === 'create' ? [false] : [true, false]
}
