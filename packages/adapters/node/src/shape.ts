import { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Makes members cheap to add to a request or response whose prototype a framework has set, as Express does for each. V8
 * gives such an object a shape of its own, and copies that for every further member, for those of the framework as well. An
 * object that has lost a member is a dictionary, where a further one costs next to nothing. Those of Node, which all have
 * one shape, stay as they are.
 *
 * On Node 20 this halves what a request costs that reads its session on Express, the framework's own part included:
 * `npm run bench -- --sections http --only sessions/express/memory`, with this and without.
 *
 * @param member One of Node's own that every such object has. It is taken away and put back.
 */
export function loosenShape(message: object, member: string): void {
  const prototype: unknown = Object.getPrototypeOf(message)
  if (prototype === IncomingMessage.prototype || prototype === ServerResponse.prototype) return
  const descriptor = Object.getOwnPropertyDescriptor(message, member)
  if (descriptor === undefined) return
  Reflect.deleteProperty(message, member)
  Object.defineProperty(message, member, descriptor)
}
