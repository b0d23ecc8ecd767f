import type { IncomingMessage } from 'node:http'

/** Whether a request of Express came over https: its setting `trust proxy` applies. */
export function isSecure(req: IncomingMessage & { readonly secure?: boolean }): boolean {
  return req.secure === true
}
