/** Whether a driver threw an error. Not by `instanceof`, which fails for errors of another realm, such as node:sqlite's in Jest. */
export function isError(thrown: unknown): thrown is Error {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'message' in thrown &&
    typeof thrown.message === 'string'
  )
}
