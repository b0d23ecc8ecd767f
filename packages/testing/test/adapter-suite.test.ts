import { describe, expect, it } from 'vitest'
import { adapterCases, describeAdapter, type AdapterSubject } from '../src/index.ts'
import { adapterMutants } from './adapter-mutants.ts'
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
      const cases = new Map(
        adapterCases(subjectOf({ ...referenceSteps, ...steps })).map((one) => [
          `${one.group} › ${one.name}`,
          one,
        ]),
      )

      for (const name of caughtBy) {
        const named = cases.get(name)
        if (!named) throw new Error(`The suite has no case called: ${name}`)
        await expect(named.run(), name).rejects.toThrow()
      }
    })
  }
})
