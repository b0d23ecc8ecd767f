/**
 * An error of a client, as it may be logged: ioredis hangs the whole command on it, the session among its arguments. Which
 * command it was, it still says.
 */
export function unquoted(error: unknown): unknown {
  if (!(error instanceof Error) || !('command' in error)) return error
  const { name } = (error.command ?? {}) as { readonly name?: unknown }
  return Object.assign(error, { command: { name } })
}
