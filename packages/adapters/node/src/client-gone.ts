import type { NodeResponse } from './types.ts'

/** Whether nobody gets the response any more: its client has hung up, or it was destroyed. */
export function isGone(res: NodeResponse): boolean {
  if (res.destroyed) return true
  const { stream } = res as { readonly stream?: { readonly destroyed: boolean } | undefined }
  if (stream !== undefined) return stream.destroyed
  // A response that waits for its turn on the connection has no socket yet, and is told nothing of its end.
  const { socket } = res.req as { readonly socket?: { readonly destroyed?: boolean } }
  return socket?.destroyed === true
}
