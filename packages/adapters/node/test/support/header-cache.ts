import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** What a cache has kept of a response. */
export interface Kept {
  headers?: OutgoingHttpHeaders
}

/** Wraps a response as a cache does that stores the headers which are set when the head or the body is written. */
export function keepHeaders(res: ServerResponse): Kept {
  const kept: Kept = {}
  for (const name of ['writeHead', 'write', 'end'] as const) {
    const method = res[name]
    res[name] = ((...args: unknown[]) => {
      if (name === 'writeHead') kept.headers = { ...res.getHeaders() }
      else kept.headers ??= { ...res.getHeaders() }
      return Reflect.apply(method, res, args)
    }) as never
  }
  return kept
}
