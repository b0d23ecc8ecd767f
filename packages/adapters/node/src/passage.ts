import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Passage } from './carrier.ts'
import type { NodeRequest, NodeResponse, SessionsOptions } from './types.ts'

/** A request of Node, as its headers and its connection describe it. */
export class NodePassage implements Passage {
  readonly req: NodeRequest
  readonly res: NodeResponse
  readonly #https: SessionsOptions['https']

  constructor(req: NodeRequest, res: NodeResponse, https: SessionsOptions['https']) {
    this.req = req
    this.res = res
    this.#https = https
  }

  get secure(): boolean {
    // The compatibility API of HTTP/2 is made to be used as the API of HTTP/1 is.
    const req = this.req as IncomingMessage
    if (this.#https !== undefined) return this.#https(req)
    return (req.socket as Partial<TLSSocket>).encrypted === true
  }

  get host(): string | undefined {
    const { headers } = this.req
    const { host = headers[':authority'] } = headers
    return typeof host === 'string' ? host : undefined
  }
}
