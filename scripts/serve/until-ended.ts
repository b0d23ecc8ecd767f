/** Answers when the process is asked to end. Asked for before anything is started. */
export const ended = new Promise<undefined>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(undefined))
})

/** What comes of opening something; where the process is asked to end before that, it ends. */
export async function openUntilEnded<Opened extends object>(
  opening: Opened | Promise<Opened>,
): Promise<Opened> {
  // A client may try to reach its server for as long as nobody stops it.
  return (await Promise.race([opening, ended])) ?? process.exit()
}
