import { describe, it } from 'vitest'
import { adapterCases, describeAdapter, type AdapterSubject } from '../src/index.ts'
import { adapterMutants } from './adapter-mutants.ts'
import { casesByName, expectFailure } from './failing-cases.ts'
import { referenceSteps, serveWith, type AdapterSteps } from './reference-adapter.ts'
import { reference } from './reference-engine.ts'

const subjectOf = (steps: AdapterSteps): AdapterSubject => ({
  open: ({ clock }) => ({ engine: reference(clock).engine }),
  serve: serveWith(steps),
})

describeAdapter('the reference adapter', subjectOf(referenceSteps))

describe('an adapter that', () => {
  for (const [fault, { caughtBy, steps }] of Object.entries(adapterMutants)) {
    it(`${fault} fails the suite`, async () => {
      const caseOf = casesByName(adapterCases(subjectOf({ ...referenceSteps, ...steps })))

      for (const name of caughtBy) await expectFailure(caseOf(name))
    })
  }
})
