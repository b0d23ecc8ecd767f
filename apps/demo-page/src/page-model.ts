import type { Session } from '@sessions/core'
import type { DemoData, Notice } from './demo-data.ts'
import type { Link } from './links.ts'

/** The content of a page. */
export interface PageModel {
  /** The framework that serves it. */
  readonly framework: string
  readonly views: number
  readonly note: string
  /** The session's entries, in order. */
  readonly entries: readonly (readonly [key: string, value: unknown])[]
  /** Identifies the session; undefined if it has no key yet. */
  readonly handle: string | undefined
  /** When it expires, unless it is saved before. */
  readonly expires: Date
  /** Seconds until then. */
  readonly age: number
  /** Whether the browser drops the cookie when it closes. */
  readonly atBrowserClose: boolean
  /** The result of `testCookieWorked()`. */
  readonly testCookieWorked: boolean
  /** The operation that the previous request performed. */
  readonly notice: Notice | undefined
  /** Whether this request should have sent a cookie and did not. */
  readonly cookiesBlocked: boolean
  /** The links to this session on each framework, including this one. */
  readonly links: readonly Link[]
}

/** The content of a page that does not come from the session. */
export type Visit = Pick<PageModel, 'framework' | 'notice' | 'cookiesBlocked' | 'links'>

/** Collects the content of a page. */
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
