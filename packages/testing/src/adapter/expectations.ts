import { expect } from 'vitest'
import type { Head } from './client.ts'
import { cookieOf } from './visitor.ts'

const KEY_PATTERN = /^[a-z0-9]{32}$/

/** A well-formed key that no session has. */
export const UNKNOWN_KEY = 'unknown0unknown0unknown0unknown0'

/** The response carries no header of ours. */
export function expectUntouched(head: Head): void {
  expect(head.lines('set-cookie'), 'Set-Cookie').toEqual([])
  expect(head.lines('vary'), 'Vary').toEqual([])
  expect(head.lines('cache-control'), 'Cache-Control').toEqual([])
}

/** The response varies by cookie, and sets none. */
export function expectVaryOnly(head: Head): void {
  expect(head.lines('set-cookie'), 'Set-Cookie').toEqual([])
  expect(head.list('vary'), 'Vary').toContain('cookie')
}

/** The response sets a session key: the given one, if there is one. Returns it. */
export function expectKey(head: Head, key?: string): string {
  const cookie = cookieOf(head)
  expect(cookie?.value, 'session key in Set-Cookie').toMatch(KEY_PATTERN)
  expect(cookie?.deletes, 'Set-Cookie deletes the cookie').toBe(false)
  expect(head.list('vary'), 'Vary').toContain('cookie')
  if (key !== undefined) expect(cookie?.value, 'session key in Set-Cookie').toBe(key)
  return cookie?.value ?? ''
}

/** The response sets a session key other than these. Returns it. */
export function expectNewKey(head: Head, ...others: readonly (string | undefined)[]): string {
  const key = expectKey(head)
  expect(others, 'earlier session keys').not.toContain(key)
  return key
}

/** The response deletes the session cookie. */
export function expectCookieDeleted(head: Head): void {
  const cookie = cookieOf(head)
  expect(cookie?.value, 'value in Set-Cookie').toBe('')
  expect(cookie?.attributes.get('max-age'), 'Max-Age').toBe('0')
  expect(cookie?.attributes.get('expires'), 'Expires').toBe('Thu, 01 Jan 1970 00:00:00 GMT')
  expect(cookie?.attributes.get('path'), 'Path').toBe('/')
  expect(head.list('vary'), 'Vary').toContain('cookie')
}

/** The response reports a session error, and sets no cookie. */
export function expectError(
  answer: Head & { json(): unknown },
  status: number,
  code: string,
): void {
  expect(answer.status, 'status').toBe(status)
  expect(answer.json(), 'body').toEqual({ error: code })
  expect(answer.lines('set-cookie'), 'Set-Cookie').toEqual([])
}
