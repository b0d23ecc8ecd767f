/** Yields to the event loop, and lets others take the database's lock. */
export async function pause(milliseconds = 0): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
