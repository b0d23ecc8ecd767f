import { ServerResponse } from 'node:http'

/** A method of a response. */
export type Method = (this: unknown, ...args: unknown[]) => unknown

/**
 * Those that have to wait for the commit, or matter to what waits. `_send` is where the methods of HTTP/1 meet before the
 * first byte; in HTTP/2 there is none.
 */
export type Methods = Record<
  'writeHead' | 'write' | 'end' | 'flushHeaders' | 'on' | '_send',
  Method
>

/** The methods of a response as they are. */
export function methodsOf(res: object): Methods {
  const { writeHead, write, end, flushHeaders, on, _send } = res as Methods
  return { writeHead, write, end, flushHeaders, on, _send }
}

/** The methods of Node itself, for HTTP/1. */
export function nodeMethods(): Methods {
  return methodsOf(ServerResponse.prototype)
}

/** Puts methods in the place of others, except those that a wrapper outside has replaced. */
export function installMethods(res: object, from: Methods, to: Methods): void {
  const current = res as Methods
  // Member by member: a loop over their names costs ten times as much.
  if (current.writeHead === from.writeHead) current.writeHead = to.writeHead
  if (current.write === from.write) current.write = to.write
  if (current.end === from.end) current.end = to.end
  if (current.flushHeaders === from.flushHeaders) current.flushHeaders = to.flushHeaders
  if (current.on === from.on) current.on = to.on
  if (current._send !== undefined && current._send === from._send) current._send = to._send
}
