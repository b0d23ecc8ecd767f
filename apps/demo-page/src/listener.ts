import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a demo is for a server of `node:http`. */
export type Listener = (req: IncomingMessage, res: ServerResponse) => unknown
