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

/** The members of a Fastify instance that are used here. */
export interface FastifyLike {
  decorateRequest(name: string, descriptor: { getter(this: FastifyRequest): unknown }): unknown
  addHook(name: 'onRequest', hook: OnRequest): unknown
  addHook(name: 'onSend', hook: OnSend): unknown
  addHook(name: 'onRegister', hook: (child: FastifyLike) => void): unknown
  /** Exists once @fastify/middie, which runs middleware, is registered. */
  use?: ((...middleware: unknown[]) => unknown) | undefined
}

type Done = (error?: unknown) => void
type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: Done) => void
type OnSend = (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done) => void

/** The state of a request. */
interface Carried {
  readonly carrier: Carrier<object>
  /** Whether a reply waits for the commit. */
  committing: boolean
}

const CARRIED: unique symbol = Symbol('@sessions/nestjs')

/** How the client reached the server, according to Fastify and its `trustProxy`. */
interface Origin {
  readonly protocol: string
  readonly host: string | undefined
}

/** A Node request to which middie has added Fastify's `protocol`. */
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
 * Gives each request of a Fastify instance a session, `request.session`, and commits it in the hook `onSend`, whose errors
 * Fastify answers like any other. Responses that bypass this hook, such as the events of Nest's `@Sse()` and hijacked
 * replies, are committed at the first byte of the raw response.
 */
export function mountOnFastify(
  instance: FastifyLike,
  manager: Sessions,
  { eager = false }: { readonly eager?: boolean | undefined },
): void {
  /** The carriers of requests whose middleware ran before the `onRequest` hook. */
  const carriers = new WeakMap<IncomingMessage, Carrier<object>>()
  const carry = (req: IncomingMessage, res: ServerResponse, origin: Origin): Carrier<object> => {
    const carrier = new Carrier(manager, new FastifyExchange(req, res, origin))
    // For middleware, which gets Node's request.
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
    // If a handler has called `send` itself, Fastify does not see that the reply is waiting, and sends another one when
    // the handler returns nothing or throws. The second reply is discarded.
    if (carried.committing) return destroyPayload(payload)
    const committing = carried.carrier.commit(reply.statusCode)
    if (committing === undefined) return done()
    carried.committing = true
    const releaseReply = holdReply(reply)
    const failure = heedPayload(payload)
    const release = (): void => {
      carried.committing = false
      releaseReply()
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
        release()
        if ('error' in failure) return fail(failure.error)
        try {
          done()
        } catch (error) {
          // Fastify throws if it cannot send, because of an invalid header for example. The handler cannot catch this here.
          fail(error)
        }
      },
      (error: unknown) => {
        release()
        fail(error)
      },
    )
  })
}

/**
 * Makes a middleware run before all others. `NestFactory` registers middie before it creates modules, so middie's hook runs
 * before ours. The middleware is registered only along with the first other one.
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
