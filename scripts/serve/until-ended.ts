/** Resolves at SIGTERM or SIGINT. Created on import, so that no signal is missed during startup. */
export const ended = new Promise<undefined>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(undefined))
})

/** Awaits `opening`, but exits the process at a signal that comes first. */
export async function openUntilEnded<Opened extends object>(
  opening: Opened | Promise<Opened>,
): Promise<Opened> {
  // A client may retry its connection forever.
  return (await Promise.race([opening, ended])) ?? process.exit()
}
