import { IncomingMessage, ServerResponse } from 'node:http'

/** Whether V8 gives an object whose prototype is set a shape of its own: Node 22 and before do, Node 24 does not. */
const COPIES_SHAPES = Number.parseInt(process.versions.v8, 10) < 13

/**
 * Makes members cheap to add to a request or response whose prototype a framework has set, as Express does for each. V8
 * gave such an object a shape of its own, and copied that for every further member, for those of the framework as well. An
 * object that has lost a member is a dictionary, where a further one costs next to nothing. Those of Node, which all have
 * one shape, stay as they are.
 *
 * On Node 20 this halves what a request costs that reads its session on Express, the framework's own part included; on
 * Node 24 it would cost a third more: `npm run bench -- --sections http --only sessions/express/memory`, with this and without.
 *
 * @param member One of Node's own that every such object has. It is taken away and put back.
 */
export function loosenShape(message: object, member: string): void {
  if (!COPIES_SHAPES) return
  const prototype: unknown = Object.getPrototypeOf(message)
  if (prototype === IncomingMessage.prototype || prototype === ServerResponse.prototype) return
  const descriptor = Object.getOwnPropertyDescriptor(message, member)
  if (descriptor === undefined) return
  Reflect.deleteProperty(message, member)
  Object.defineProperty(message, member, descriptor)
}
