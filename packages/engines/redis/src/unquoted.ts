/**
 * Makes a client's error safe to log. ioredis attaches the whole command, whose arguments contain the session: only the
 * command's name is kept.
 */
export function unquoted(error: unknown): unknown {
  if (!(error instanceof Error) || !('command' in error)) return error
  const { name } = (error.command ?? {}) as { readonly name?: unknown }
  return Object.assign(error, { command: { name } })
}
