/** What a value is, in an error that must not quote it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (value instanceof Promise) return 'a Promise'
  const kind = typeof value
  return kind === 'object' ? 'an object' : `a ${kind}`
}
