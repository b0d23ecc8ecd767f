import { describe, expect, it } from 'vitest'
import { describeEngine, engineCases, type EngineSubject } from '../src/index.ts'
import { callMutants } from './call-mutants.ts'
import { casesByName, expectFailure } from './failing-cases.ts'
import { optionalMutants } from './optional-mutants.ts'
import { racingMutants } from './racing-mutants.ts'
import { reference, type Mutant } from './reference-engine.ts'

const mutants: Readonly<Record<string, Mutant>> = {
  ...callMutants,
  ...optionalMutants,
  ...racingMutants,
}

const subjectOf = (change: Mutant['change']): EngineSubject => ({
  clearExpired: true,
  find: true,
  open: ({ clock }) => {
    const correct = reference(clock)
    return { engine: { ...correct.engine, ...change(correct) } }
  },
})

const correct = subjectOf(() => ({}))

describeEngine('the reference engine', correct)

describeEngine('the reference engine over a store with a coarse clock of its own', {
  clearExpired: true,
  find: true,
  granularity: 1000,
  open: ({ clock: time }) => ({ engine: reference(time).engine, time }),
})

describeEngine('the reference engine without clearExpired and find', {
  clearExpired: false,
  find: false,
  open: ({ clock }) => {
    const { clearExpired: _, find: __, ...engine } = reference(clock).engine
    return { engine }
  },
})

describe('an engine in which', () => {
  for (const [fault, { caughtBy, change }] of Object.entries(mutants)) {
    it(`${fault} fails the suite`, async () => {
      const caseOf = casesByName(engineCases(subjectOf(change)))

      for (const name of caughtBy) await expectFailure(caseOf(name))
    })
  }
})

describe('the model case alone', () => {
  it.each([
    'save inserts',
    'save revives an expired record',
    'save ignores the version',
    'save keeps the version',
    'save keeps the attributes',
    'create overwrites',
    'create returns taken for an expired record',
    'load returns a record at its deadline',
    'exists ignores the deadline',
    'touch revives an expired record',
    'touch ignores the version',
    'touch keeps the old deadline',
    'delete ignores the version',
    'delete returns deleted for an expired record',
    'clearExpired deletes live records',
  ])('notices that %s', async (fault) => {
    const mutant = mutants[fault]
    if (!mutant) throw new Error(`There is no mutant named: ${fault}`)
    const model = engineCases(subjectOf(mutant.change)).filter(({ group }) => group === 'model')

    expect(model).toHaveLength(1)
    for (const one of model) await expectFailure(one)
  })
})

describe('a subject', () => {
  it('is closed after each case, even a failed one', async () => {
    let open = 0
    const subject: EngineSubject = {
      clearExpired: true,
      find: true,
      open: ({ clock }) => {
        open += 1
        const { engine } = reference(clock)
        return {
          engine: { ...engine, exists: async () => true },
          close: () => {
            open -= 1
          },
        }
      },
    }
    const outcomes = await Promise.allSettled(engineCases(subject).map(async ({ run }) => run()))

    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true)
    expect(open).toBe(0)
  })

  it('that declares fewer methods than its engine has fails the suite', async () => {
    const modest = { ...correct, clearExpired: false, find: false }
    const absences = engineCases(modest).filter(
      ({ group, name }) => group === 'methods' && name.startsWith('lacks '),
    )

    expect(absences).toHaveLength(2)
    for (const one of absences) await expectFailure(one)
  })
})
