import type { NodeRequest, NodeResponse } from './types.ts'

/** A request and its response, as far as a session has to know them. The context of Koa is one. */
export interface Exchange {
  readonly req: NodeRequest
  readonly res: NodeResponse
  /** Whether the client came over https: by Koa's name for it. */
  readonly secure: boolean
  /** The host that the client asked for. */
  readonly host: string | undefined
}
