import type { NodeResponse } from './types.ts'

/** Whether the response can no longer reach its client: the client has hung up, or the response was destroyed. */
export function isGone(res: NodeResponse): boolean {
  if (res.destroyed) return true
  const { stream } = res as { readonly stream?: { readonly destroyed: boolean } | undefined }
  if (stream !== undefined) return stream.destroyed
  // A pipelined response has no socket until its turn, and no event tells it that the connection has closed.
  const { socket } = res.req as { readonly socket?: { readonly destroyed?: boolean } }
  return socket?.destroyed === true
}
