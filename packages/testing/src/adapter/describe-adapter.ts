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
import { registerCases } from '../register-cases.ts'

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

/** Everything that is required of an adapter, case by case: for other test runners than vitest. */
export function adapterCases(subject: AdapterSubject): readonly RunnableCase[] {
  return all
    .filter(({ inside }) => !inside || subject.inProcess !== false)
    .map(({ group, name, run }) => ({ group, name, run: () => run(subject) }))
}

/** One thing that is required of every adapter, ready to be tried. */
export interface RunnableCase {
  /** What it is about, such as `redirects`. */
  readonly group: string
  /** The behaviour, in words. */
  readonly name: string
  /** Starts the subject's reference app, tries it and closes it; rejects where it behaves otherwise. */
  readonly run: () => Promise<void>
}

/**
 * Tries an adapter over HTTP, by its reference app, with vitest. To be called at the top of a test file.
 *
 * @param name What the tests are filed under, such as `hono over memory`.
 * @param subject How the reference app is started, and over which engine.
 * @example
 * describeAdapter('my adapter', {
 *   open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
 *   serve: serveReferenceApp,
 * })
 */
export function describeAdapter(name: string, subject: AdapterSubject): void {
  registerCases(name, adapterCases(subject))
}
