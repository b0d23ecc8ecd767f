/** Captured while the module loads: a test that fakes timers would otherwise hold up every command of the client. */
const whenTheTurnEnds = setImmediate

/** The stream that a client writes its commands to. */
export interface Corkable {
  cork(): void
  uncork(): void
}

/**
 * Returns a function to call before each command. It corks the stream, so that all commands of this turn of the event
 * loop are written at once when the turn ends. It does nothing while there is no stream.
 *
 * @param streamOf Returns the current stream: a client has a new one after each reconnect.
 */
export function oneWrite(streamOf: () => Corkable | null | undefined): () => void {
  let corked: Corkable | null | undefined
  const uncork = (): void => {
    corked?.uncork()
    corked = undefined
  }
  return () => {
    if (corked) return
    corked = streamOf()
    if (!corked) return
    corked.cork()
    whenTheTurnEnds(uncork)
  }
}
