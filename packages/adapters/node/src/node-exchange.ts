import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Exchange } from './exchange.ts'
import type { NodeRequest, NodeResponse, SessionsOptions } from './types.ts'

/** A Node request and its response. The headers and the connection tell the host and whether it is secure. */
export class NodeExchange implements Exchange {
  readonly req: NodeRequest
  readonly res: NodeResponse
  readonly #https: SessionsOptions['https']

  constructor(req: NodeRequest, res: NodeResponse, https: SessionsOptions['https']) {
    this.req = req
    this.res = res
    this.#https = https
  }

  get secure(): boolean {
    // The compatibility API of HTTP/2 mirrors the API of HTTP/1.
    const req = this.req as IncomingMessage
    if (this.#https !== undefined) return this.#https(req)
    return (req.socket as Partial<TLSSocket>).encrypted === true
  }

  get host(): string | undefined {
    // Set by Express. Behind a proxy that its setting `trust proxy` trusts, it is the host that the proxy was asked for.
    const { headers, hostname } = this.req as NodeRequest & { readonly hostname?: unknown }
    if (typeof hostname === 'string') return hostname
    const { host = headers[':authority'] } = headers
    return typeof host === 'string' ? host : undefined
  }
}
