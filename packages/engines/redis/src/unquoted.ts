/**
 * Makes a client's error safe to log. ioredis attaches the whole command, whose arguments contain the session: only the
 * command's name is kept.
 */
export function unquoted(error: unknown): unknown {
  // Not by `instanceof`, which fails for errors of another realm, as in Jest.
  if (typeof error !== 'object' || error === null || !('command' in error)) return error
  const { name } = (error.command ?? {}) as { readonly name?: unknown }
  return Object.assign(error, { command: { name } })
}
