import { commits } from './commit.ts'
import { concurrency } from './concurrency.ts'
import type { AdapterCase } from './context.ts'
import { cookieChunks } from './cookie-chunks.ts'
import { cookieEngine } from './cookie-engine.ts'
import { cookieHeaders } from './cookie-headers.ts'
import { cookies } from './cookies.ts'
import { sessionData } from './data.ts'
import { decisionTable } from './decision-table.ts'
import { engineCalls } from './engine-calls.ts'
import { expiry } from './expiry.ts'
import { failures } from './failures.ts'
import { headers } from './headers.ts'
import type { AdapterSubject } from './subject.ts'
import { registerCases, type SuiteCase } from '../register-cases.ts'

const all: readonly AdapterCase[] = [
  ...sessionData,
  ...decisionTable,
  ...engineCalls,
  ...commits,
  ...headers,
  ...cookies,
  ...cookieHeaders,
  ...expiry,
  ...concurrency,
  ...failures,
  ...cookieEngine,
  ...cookieChunks,
]

/**
 * The cases of `describeAdapter` as data, to select or run them yourself. They use vitest's `expect`.
 *
 * @param subject As for `describeAdapter`. With `inProcess: false`, only the cases that need nothing but HTTP are included.
 */
export function adapterCases(subject: AdapterSubject): readonly SuiteCase[] {
  return all
    .filter(({ inside }) => !inside || subject.inProcess !== false)
    .map(({ group, name, run }) => ({ group, name, run: () => run(subject) }))
}

/**
 * Registers with vitest a test for each requirement of the adapter contract. The tests send HTTP requests to the adapter's
 * reference app. Call it at the top level of a test file.
 *
 * @param name The adapter's name in the test report, such as `hono over memory`.
 * @param subject How to start the reference app, and over which engine.
 * @example
 * describeAdapter('my adapter', {
 *   open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
 *   serve: serveReferenceApp,
 * })
 */
export function describeAdapter(name: string, subject: AdapterSubject): void {
  registerCases(name, adapterCases(subject))
}
