import type { Session } from '@sessions/core'
import type { DemoData, Notice } from './demo-data.ts'
import type { Link } from './links.ts'

/** What a page shows. */
export interface PageModel {
  /** The framework that serves it. */
  readonly framework: string
  readonly views: number
  readonly note: string
  /** What the session holds, in its order. */
  readonly entries: readonly (readonly [key: string, value: unknown])[]
  /** Tells this session from others; undefined where it has no key yet. */
  readonly handle: string | undefined
  /** When it expires, if nothing is saved until then. */
  readonly expires: Date
  /** Seconds until then. */
  readonly age: number
  /** Whether the cookie goes when the browser closes. */
  readonly atBrowserClose: boolean
  /** Whether the value that `setTestCookie()` left has come back. */
  readonly testCookieWorked: boolean
  /** What was done by the request before this one. */
  readonly notice: Notice | undefined
  /** Whether a cookie had to come with this request, and did not. */
  readonly cookiesBlocked: boolean
  /** Where else this session can be seen, this page among them. */
  readonly links: readonly Link[]
}

/** What a page has to know besides the session. */
export type Visit = Pick<PageModel, 'framework' | 'notice' | 'cookiesBlocked' | 'links'>

/** What a page shows of a session. */
export function pageModel(session: Session<DemoData>, visit: Visit): PageModel {
  return {
    ...visit,
    views: session.get('views', 0),
    note: session.get('note', ''),
    entries: [...session.entries()],
    handle: session.handle,
    expires: session.getExpiryDate(),
    age: session.getExpiryAge(),
    atBrowserClose: session.getExpireAtBrowserClose(),
    testCookieWorked: session.testCookieWorked(),
  }
}
