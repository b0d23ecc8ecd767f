import { validateHeaderValue } from 'node:http'
import { isHttp2 } from '../is-http2.ts'
import type { NodeResponse } from '../types.ts'

/** Whether Node accepts this status. Node itself reports what is wrong with others. */
export function isStatus(status: unknown): boolean {
  const number = Number(status)
  return number >= 100 && number <= 999
}

/** The status that Node sends: it takes numbers in strings, which `statusCode` keeps as they are, and truncates them. */
export function statusOf(res: NodeResponse): number {
  return Math.trunc(res.statusCode)
}

/** Throws Node's own error if the reason phrase is invalid. HTTP/2 has none, and Node warns when it is read. */
export function refuseInvalidMessage(res: NodeResponse): void {
  if (!isHttp2(res) && res.statusMessage) validateHeaderValue('statusMessage', res.statusMessage)
}
