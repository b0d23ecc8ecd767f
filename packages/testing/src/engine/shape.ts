import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { group, type EngineCase } from './context.ts'

/** What the subject declares is there, and nothing else. */
export const shapeCases = (subject: EngineSubject): readonly EngineCase[] =>
  group('shape', {
    'has the six calls of the contract': async ({ engine }) => {
      for (const call of ['load', 'exists', 'create', 'save', 'touch', 'delete'] as const) {
        expect(typeof engine[call], call).toBe('function')
      }
    },

    [`has ${subject.clearExpired ? 'a' : 'no'} clearExpired, as declared`]: async ({ engine }) => {
      expect(typeof engine.clearExpired).toBe(subject.clearExpired ? 'function' : 'undefined')
    },

    [`has ${subject.find ? 'a' : 'no'} find, as declared`]: async ({ engine }) => {
      expect(typeof engine.find).toBe(subject.find ? 'function' : 'undefined')
    },
  })(subject)
