import type { Readable } from 'node:stream'

/** Destroys a stream that nothing else reads: when a response drops it, it is unpiped, but a file would stay open. */
export function closeUnread(source: Readable): void {
  if (source.listenerCount('data') === 0) source.destroy()
}
