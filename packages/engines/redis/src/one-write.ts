/** Taken at once: tests that fake timers would otherwise hold up whatever the application sends by its client. */
const whenTheTurnEnds = setImmediate

/** What a client writes its commands to. */
export interface Corkable {
  cork(): void
  uncork(): void
}

/**
 * Returns what is to be called before each command: what is written to the stream from then on goes out in one piece, when
 * the turn of the event loop is over. Without a stream nothing waits.
 *
 * @param streamOf The stream of the moment: a client has another one after each loss of its connection.
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
