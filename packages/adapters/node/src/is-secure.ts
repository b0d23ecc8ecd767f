import type { IncomingMessage } from 'node:http'

/** Whether an Express request came over https, according to Express and its setting `trust proxy`. */
export function isSecure(req: IncomingMessage & { readonly secure?: boolean }): boolean {
  return req.secure === true
}
