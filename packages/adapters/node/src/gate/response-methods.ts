import { ServerResponse } from 'node:http'

/** A method of a response. */
export type Method = (this: unknown, ...args: unknown[]) => unknown

/**
 * The methods that have to wait for the commit, or that affect those waiting. In HTTP/1, all of them send the first byte
 * through `_send`; HTTP/2 has no `_send`.
 */
export type Methods = Record<
  'writeHead' | 'write' | 'end' | 'flushHeaders' | 'on' | '_send',
  Method
>

/** The current methods of a response. */
export function methodsOf(res: object): Methods {
  const { writeHead, write, end, flushHeaders, on, _send } = res as Methods
  return { writeHead, write, end, flushHeaders, on, _send }
}

/** Node's own methods for HTTP/1. */
export function nodeMethods(): Methods {
  return methodsOf(ServerResponse.prototype)
}

/** Replaces the methods of a response, except those that an outer wrapper has replaced since. */
export function installMethods(res: object, from: Methods, to: Methods): void {
  const current = res as Methods
  // Spelled out: a loop over the names costs ten times as much.
  if (current.writeHead === from.writeHead) current.writeHead = to.writeHead
  if (current.write === from.write) current.write = to.write
  if (current.end === from.end) current.end = to.end
  if (current.flushHeaders === from.flushHeaders) current.flushHeaders = to.flushHeaders
  if (current.on === from.on) current.on = to.on
  if (current._send !== undefined && current._send === from._send) current._send = to._send
}
