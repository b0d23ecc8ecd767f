import { IncomingMessage, ServerResponse } from 'node:http'

/** Whether V8 gives an object a shape (hidden class) of its own when its prototype is set: up to Node 22 it does. */
const COPIES_SHAPES = Number.parseInt(process.versions.v8, 10) < 13

/**
 * Makes it cheap to add members to a request or response whose prototype a framework has set, as Express does for each one.
 * V8 up to Node 22 copies the shape of such an object for every member that is added, by the framework as well. Once a
 * member has been deleted, the object is a dictionary, to which adding a member costs next to nothing. Objects with Node's
 * own prototype share one shape and are left alone.
 *
 * On Node 20 this halves the cost of an Express request that reads its session, the framework's own part included; on
 * Node 24 it would add a third: `npm run bench -- --sections http --only sessions/express/memory`, with this and without.
 *
 * @param member A member that Node gives every such object. It is deleted and put back.
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
