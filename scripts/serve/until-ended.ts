/** Resolves at SIGTERM or SIGINT. Created on import, so that no signal is missed during startup. */
export const ended = new Promise<undefined>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(undefined))
})

/**
 * Awaits `opening`, but exits the process at a signal that comes first.
 *
 * @throws {Error} what `opening` rejects with, always with a message.
 */
export async function openUntilEnded<Opened extends object>(
  opening: Opened | Promise<Opened>,
): Promise<Opened> {
  try {
    // A client may wait for its connection forever.
    return (await Promise.race([opening, ended])) ?? process.exit()
  } catch (error) {
    throw withMessage(error)
  }
}

/** Node's error for a host with several addresses, such as localhost, has no message of its own. */
function withMessage(error: unknown): unknown {
  if (!(error instanceof AggregateError) || error.message !== '') return error
  const messages = error.errors.map((each: unknown) =>
    each instanceof Error ? each.message : each,
  )
  return new Error(messages.join('; '), { cause: error })
}
