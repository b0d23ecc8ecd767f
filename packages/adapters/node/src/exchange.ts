import type { NodeRequest, NodeResponse } from './types.ts'

/** What a session needs of a request and its response. Koa's context is one. */
export interface Exchange {
  readonly req: NodeRequest
  readonly res: NodeResponse
  /** Whether the client came over https. Named as in Koa. */
  readonly secure: boolean
  /** The host that the client asked for. */
  readonly host: string | undefined
}
