/**
 * A client's error in a form that may be logged: ioredis adds the whole command to it, with the session among its
 * arguments. The command's name is kept.
 */
export function unquoted(error: unknown): unknown {
  if (!(error instanceof Error) || !('command' in error)) return error
  const { name } = (error.command ?? {}) as { readonly name?: unknown }
  return Object.assign(error, { command: { name } })
}
