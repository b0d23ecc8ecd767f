import type { Session } from '@sessions/core'

/** What the query parameter `value` of `/expiry` says, as `setExpiry` takes it. */
export function parseExpiry(value: string): number | Date | null {
  if (value === 'browser') return 0
  if (value === 'default') return null
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : new Date(value)
}

/** What `/expiry` answers. */
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

/** What `/nested` does: changes an object inside the session, which nobody tells the session of. */
export function pushToCart(session: Session, item: string): string[] {
  const cart: string[] = session.setDefault('cart', [])
  cart.push(item)
  return cart
}

/** What `/all` answers. */
export function everything(session: Session): {
  key: string | null
  data: Record<string, unknown>
} {
  return { key: session.sessionKey ?? null, data: session.toObject() }
}

/** The headers that the query of `/headers` asks for, in their order. */
export function requestedHeaders(
  query: Iterable<[string, string]>,
): [name: string, value: string][] {
  return [...query].filter(([name]) => name !== 'key')
}

/** Whether an answer with that status may have a body (RFC 9110, section 6.4.1). */
export function mayHaveBody(status: number): boolean {
  return status !== 204 && status !== 304
}
