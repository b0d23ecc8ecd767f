import type { IncomingMessage, ServerResponse } from 'node:http'

/** A request listener of `node:http`. */
export type Listener = (req: IncomingMessage, res: ServerResponse) => unknown
