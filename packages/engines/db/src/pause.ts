/** Lets what waits for this thread, or for the database's lock, have its turn. */
export async function pause(milliseconds = 0): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
