import * as fc from 'fast-check'
import { group } from './context.ts'
import { compare, modelOf, play, type Step } from './model-steps.ts'
import type { EngineSubject } from './subject.ts'
import type { SuiteCase } from '../register-cases.ts'

/** A fixed seed: the same sequences in every run. fast-check prints the shortest one that fails. */
const RUNS: fc.Parameters<unknown> = { seed: 20_260_101, numRuns: 100 }

const step: fc.Arbitrary<Step> = fc.record({
  call: fc.constantFrom(
    ...(['load', 'exists', 'create', 'create', 'save', 'save', 'touch', 'delete'] as const),
    ...(['clearExpired', 'pass', 'pass'] as const),
  ),
  slot: fc.nat(2),
  version: fc.constantFrom('none', 'current', 'former'),
  units: fc.integer({ min: 1, max: 4 }),
  userId: fc.constantFrom('ada', 'bob', null),
})

/** For any sequence of calls, the engine returns what a plain Map would. */
export const modelCases: (subject: EngineSubject) => readonly SuiteCase[] = group('model', {
  'returns what a plain Map would, for 100 random sequences of calls': async (context) => {
    const steps = fc.array(step, { maxLength: 40, size: 'max' })
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const model = modelOf(context)
        for (const [index, next] of sequence.entries()) await play(model, next, `data ${index}`)
        await compare(model)
      }),
      RUNS,
    )
  },
})
