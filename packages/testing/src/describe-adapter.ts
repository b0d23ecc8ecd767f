import { describe, it } from 'vitest'
import { commits } from './adapter-commit.ts'
import { concurrency } from './adapter-concurrency.ts'
import type { AdapterCase } from './adapter-context.ts'
import { cookieChunks } from './adapter-cookie-chunks.ts'
import { cookieEngine } from './adapter-cookie-engine.ts'
import { cookieHeaders } from './adapter-cookie-headers.ts'
import { cookies } from './adapter-cookies.ts'
import { sessionData } from './adapter-data.ts'
import { decisionTable } from './adapter-decision-table.ts'
import { engineCalls } from './adapter-engine-calls.ts'
import { expiry } from './adapter-expiry.ts'
import { failures } from './adapter-failures.ts'
import { headers } from './adapter-headers.ts'
import type { AdapterSubject } from './adapter-subject.ts'

/** How long one case may take, in milliseconds: enough for a server that must be started elsewhere first. */
const TIMEOUT = 60_000

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
  const cases = adapterCases(subject)
  describe(name, () => {
    for (const group of new Set(cases.map((one) => one.group))) {
      describe(group, () => {
        for (const one of cases) {
          if (one.group === group) it(one.name, { timeout: TIMEOUT }, one.run)
        }
      })
    }
  })
}
