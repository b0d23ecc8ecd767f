import type { ServerResponse } from 'node:http'
import type { NodeResponse } from './types.ts'

/** Whether this is an HTTP/2 response. */
export function isHttp2(res: NodeResponse): res is Exclude<NodeResponse, ServerResponse> {
  return res.req?.httpVersionMajor === 2
}
