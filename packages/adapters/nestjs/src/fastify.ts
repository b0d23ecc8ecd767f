import type { Sessions } from '@sessions/core'
import { attachCarrier, Carrier, type Exchange } from '@sessions/node/adapter'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  destroyPayload,
  dropReply,
  heedPayload,
  holdReply,
  type FastifyReply,
} from './fastify-reply.ts'

/** What is used of a Fastify instance. */
export interface FastifyLike {
  decorateRequest(name: string, descriptor: { getter(this: FastifyRequest): unknown }): unknown
  addHook(name: 'onRequest', hook: OnRequest): unknown
  addHook(name: 'onSend', hook: OnSend): unknown
  addHook(name: 'onRegister', hook: (child: FastifyLike) => void): unknown
  /** There once @fastify/middie is, which runs middleware. */
  use?: ((...middleware: unknown[]) => unknown) | undefined
}

type Done = (error?: unknown) => void
type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: Done) => void
type OnSend = (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done) => void

/** What is kept of a request. */
interface Carried {
  readonly carrier: Carrier<object>
  /** Whether a reply waits for the commit. */
  committing: boolean
}

const CARRIED: unique symbol = Symbol('@sessions/nestjs')

/** What Fastify makes of a request by its `trustProxy`. */
interface Origin {
  readonly protocol: string
  readonly host: string | undefined
}

/** A request of Node, to which middie has added what Fastify makes of its protocol. */
interface MiddlewareRequest extends IncomingMessage, Pick<Origin, 'protocol'> {}

interface FastifyRequest extends Origin {
  [CARRIED]?: Carried
  readonly raw: IncomingMessage
}

class FastifyExchange implements Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly #origin: Origin

  constructor(req: IncomingMessage, res: ServerResponse, origin: Origin) {
    this.req = req
    this.res = res
    this.#origin = origin
  }

  get secure(): boolean {
    return this.#origin.protocol === 'https'
  }

  get host(): string | undefined {
    return this.#origin.host
  }
}

/**
 * Gives the requests of a Fastify instance their sessions, `request.session`, and commits them in its own `onSend`: an error
 * there is answered as any other. What goes past that, such as the events of Nest's `@Sse()` and replies that were hijacked,
 * is committed at the first byte of the response itself.
 */
export function mountOnFastify(
  instance: FastifyLike,
  manager: Sessions,
  { eager = false }: { readonly eager?: boolean | undefined },
): void {
  /** What middleware got, which may run before the hook. */
  const carriers = new WeakMap<IncomingMessage, Carrier<object>>()
  const carry = (req: IncomingMessage, res: ServerResponse, origin: Origin): Carrier<object> => {
    const carrier = new Carrier(manager, new FastifyExchange(req, res, origin))
    // For middleware, which gets the request of Node.
    attachCarrier(req, carrier)
    return carrier
  }
  const enter = (carrier: Carrier<object>, done: Done): void => {
    if (!eager) return done()
    const session = carrier.open()
    session.load().then(() => done(), done)
  }
  instance.decorateRequest('session', {
    getter() {
      return this[CARRIED]?.carrier.open()
    },
  })
  instance.addHook('onRequest', (request, reply, done) => {
    const carrier = carriers.get(request.raw) ?? carry(request.raw, reply.raw, request)
    request[CARRIED] = { carrier, committing: false }
    enter(carrier, done)
  })
  const middleware = (req: MiddlewareRequest, res: ServerResponse, next: Done): void => {
    const origin = { protocol: req.protocol, host: req.headers.host }
    const carrier = carriers.get(req) ?? carry(req, res, origin)
    carriers.set(req, carrier)
    enter(carrier, next)
  }
  precedeMiddleware(instance, middleware)
  instance.addHook('onRegister', (child) => precedeMiddleware(child, middleware))
  instance.addHook('onSend', (request, reply, payload, done) => {
    const carried = request[CARRIED]
    if (carried === undefined) return done()
    // If a handler sends by itself, Fastify does not see that a reply is on its way, and sends another one when the
    // handler returns nothing or throws: that goes nowhere.
    if (carried.committing) return destroyPayload(payload)
    const committing = carried.carrier.commit(reply.statusCode)
    if (committing === undefined) return done()
    carried.committing = true
    const open = holdReply(reply)
    const failure = heedPayload(payload)
    const letGo = (): void => {
      carried.committing = false
      open()
    }
    const fail = (error: unknown): void => {
      dropReply(reply, payload)
      try {
        done(error)
      } catch {
        reply.raw.destroy()
      }
    }
    committing.then(
      () => {
        letGo()
        if ('error' in failure) return fail(failure.error)
        try {
          done()
        } catch (error) {
          // What cannot be sent, for an invalid header for example, Fastify throws at whoever sends: here is nobody.
          fail(error)
        }
      },
      (error: unknown) => {
        letGo()
        fail(error)
      },
    )
  })
}

/**
 * Has a middleware run before all others. `NestFactory` registers middie before it makes modules, so that its hook comes
 * before ours. As long as there is nothing else to run, it runs nothing.
 */
function precedeMiddleware(instance: FastifyLike, middleware: unknown): void {
  const { use } = instance
  if (use === undefined) return
  instance.use = (...others) => {
    instance.use = use
    use.call(instance, middleware)
    return use.apply(instance, others)
  }
}
