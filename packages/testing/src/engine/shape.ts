import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group } from './context.ts'
import type { SuiteCase } from '../register-cases.ts'

/** The engine has the methods that its subject declares, and no others. */
export const shapeCases = (subject: EngineSubject): readonly SuiteCase[] =>
  group('methods', {
    'implements load, exists, create, save, touch and delete': async ({ engine }) => {
      for (const call of ['load', 'exists', 'create', 'save', 'touch', 'delete'] as const) {
        expect(typeof engine[call], `typeof engine.${call}`).toBe('function')
      }
    },

    [`${subject.clearExpired ? 'implements' : 'lacks'} clearExpired, as its subject declares`]:
      async ({ engine }) => {
        expect(typeof engine.clearExpired, 'typeof engine.clearExpired').toBe(
          subject.clearExpired ? 'function' : 'undefined',
        )
      },

    [`${subject.find ? 'implements' : 'lacks'} find, as its subject declares`]: async ({
      engine,
    }) => {
      expect(typeof engine.find, 'typeof engine.find').toBe(subject.find ? 'function' : 'undefined')
    },
  })(subject)
