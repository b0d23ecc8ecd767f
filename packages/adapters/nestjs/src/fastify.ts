import type { Sessions } from '@sessions/core'
import { attachCarrier, Carrier, type Passage } from '@sessions/node'
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

interface FastifyRequest {
  [CARRIED]?: Carried
  readonly raw: IncomingMessage
  readonly protocol: string
  readonly host: string
}

/** A request of Fastify, which goes by its `trustProxy`. */
class FastifyPassage implements Passage {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly #request: FastifyRequest

  constructor(request: FastifyRequest, reply: FastifyReply) {
    this.req = request.raw
    this.res = reply.raw
    this.#request = request
  }

  get secure(): boolean {
    return this.#request.protocol === 'https'
  }

  get host(): string {
    return this.#request.host
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
  instance.decorateRequest('session', {
    getter() {
      return this[CARRIED]?.carrier.open()
    },
  })
  instance.addHook('onRequest', (request, reply, done) => {
    const carrier = new Carrier(manager, new FastifyPassage(request, reply))
    // For middleware of Nest, which gets the request of Node.
    attachCarrier(request.raw, carrier)
    request[CARRIED] = { carrier, committing: false }
    if (!eager) return done()
    const session = carrier.open()
    session.load().then(() => done(), done)
  })
  instance.addHook('onSend', (request, reply, payload, done) => {
    const carried = request[CARRIED]
    if (carried === undefined) return done()
    // Where a handler sends by itself, Fastify does not see that a reply is on its way, and sends another one when the
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
