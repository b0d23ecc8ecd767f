/** Kept from the start: tests that fake timers would otherwise delay whatever the application sends by its client. */
const whenTheTurnEnds = setImmediate

/** The stream that a client writes its commands to. */
export interface Corkable {
  cork(): void
  uncork(): void
}

/**
 * Returns a function to call before each command: what is written to the stream from then on is sent in one piece, when
 * this turn of the event loop is over. Without a stream nothing waits.
 *
 * @param streamOf The current stream: a client has a new one after each loss of its connection.
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
