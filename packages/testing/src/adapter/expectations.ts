import { expect } from 'vitest'
import type { Head } from './client.ts'
import { cookieOf } from './visitor.ts'

/** What a session key looks like. */
const KEY_PATTERN = /^[a-z0-9]{32}$/

/** A well-formed key that no session has. */
export const UNKNOWN_KEY = 'unknown0unknown0unknown0unknown0'

/** The response says nothing of sessions. */
export function expectUntouched(head: Head): void {
  expect(head.lines('set-cookie')).toEqual([])
  expect(head.lines('vary')).toEqual([])
  expect(head.lines('cache-control')).toEqual([])
}

/** The response depends on the session, and leaves the client's cookie alone. */
export function expectVaryOnly(head: Head): void {
  expect(head.lines('set-cookie')).toEqual([])
  expect(head.list('vary')).toContain('cookie')
}

/** The response hands the client a key: a new one, or the one that it is told. */
export function expectKey(head: Head, key?: string): string {
  const cookie = cookieOf(head)
  expect(cookie?.value).toMatch(KEY_PATTERN)
  expect(cookie?.deletes).toBe(false)
  expect(head.list('vary')).toContain('cookie')
  if (key !== undefined) expect(cookie?.value).toBe(key)
  return cookie?.value ?? ''
}

/** The response hands the client a key that is none of those. */
export function expectNewKey(head: Head, ...others: readonly (string | undefined)[]): string {
  const key = expectKey(head)
  expect(others).not.toContain(key)
  return key
}

/** The response takes the client's cookie away. */
export function expectCookieDeleted(head: Head): void {
  const cookie = cookieOf(head)
  expect(cookie?.value).toBe('')
  expect(cookie?.attributes.get('max-age')).toBe('0')
  expect(cookie?.attributes.get('expires')).toBe('Thu, 01 Jan 1970 00:00:00 GMT')
  expect(cookie?.attributes.get('path')).toBe('/')
  expect(head.list('vary')).toContain('cookie')
}

/** The response is the answer to a session error. */
export function expectError(
  answer: Head & { json(): unknown },
  status: number,
  code: string,
): void {
  expect(answer.status).toBe(status)
  expect(answer.json()).toEqual({ error: code })
  expect(answer.lines('set-cookie')).toEqual([])
}
