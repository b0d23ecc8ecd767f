import { isSessionError } from '@sessions/core'
import type { Method } from './gate/response-methods.ts'
import type { NodeResponse } from './types.ts'

/** Writes `{ "error": code }` with the error's status, through the given methods of the response. */
export function writeError(
  res: NodeResponse,
  error: unknown,
  methods: { readonly writeHead: unknown; readonly end: unknown },
): void {
  const { writeHead, end } = methods as Readonly<Record<'writeHead' | 'end', Method>>
  const { status, code } = describe(error)
  const body = JSON.stringify({ error: code })
  res.setHeader('Content-Type', 'application/json; charset=utf-8')
  res.setHeader('Content-Length', Buffer.byteLength(body))
  writeHead.call(res, status)
  if (res.req.method === 'HEAD') end.call(res)
  else end.call(res, body)
}

function describe(error: unknown): { readonly status: number; readonly code: string } {
  const { status } = (error ?? {}) as { readonly status?: unknown }
  const known = typeof status === 'number' && status >= 400 && status < 600
  return {
    status: known ? status : 500,
    code: isSessionError(error) ? error.code : 'INTERNAL_SERVER_ERROR',
  }
}
