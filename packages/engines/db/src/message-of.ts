/** The message of what a driver threw. Not by `instanceof`, which fails for errors of another realm, such as node:sqlite's in Jest. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : ''
}
