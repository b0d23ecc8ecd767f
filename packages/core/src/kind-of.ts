/** Describes the type of a value, for an error that must not quote the value. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (value instanceof Promise) return 'a Promise'
  const kind = typeof value
  return kind === 'object' ? 'an object' : `a ${kind}`
}
