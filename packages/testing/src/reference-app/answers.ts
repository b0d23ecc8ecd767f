import type { Session } from '@sessions/core'

/** Converts the query parameter `value` of `/expiry` to the argument of `setExpiry`. */
export function parseExpiry(value: string): number | Date | null {
  if (value === 'browser') return 0
  if (value === 'default') return null
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : new Date(value)
}

/** The answer to `/expiry`. */
export function describeExpiry(session: Session): {
  age: number
  date: string
  atBrowserClose: boolean
} {
  return {
    age: session.getExpiryAge(),
    date: session.getExpiryDate().toISOString(),
    atBrowserClose: session.getExpireAtBrowserClose(),
  }
}

/** The work of `/nested`: changes an object inside the session in place, without `set`. Returns the cart. */
export function pushToCart(session: Session, item: string): string[] {
  const cart: string[] = session.setDefault('cart', [])
  cart.push(item)
  return cart
}

/** The answer to `/all`. */
export function everything(session: Session): {
  key: string | null
  data: Record<string, unknown>
} {
  return { key: session.sessionKey ?? null, data: session.toObject() }
}

/** The headers that the query of `/headers` asks for, in order: every parameter but `key`. */
export function requestedHeaders(
  query: Iterable<[string, string]>,
): [name: string, value: string][] {
  return [...query].filter(([name]) => name !== 'key')
}

/** Whether a response with this status may have a body (RFC 9110, section 6.4.1). */
export function mayHaveBody(status: number): boolean {
  return status !== 204 && status !== 304
}
