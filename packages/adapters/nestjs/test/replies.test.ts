import {
  Catch,
  ConflictException,
  Controller,
  ForbiddenException,
  Get,
  NotFoundException,
  Res,
  Sse,
  StreamableFile,
  UseFilters,
  UseInterceptors,
  type ArgumentsHost,
  type CallHandler,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common'
import type { SessionEngine } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { Session, SessionsModule } from '@sessions/nestjs'
import type { ServerResponse } from 'node:http'
import { PassThrough, Stream } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as nextTimer } from 'node:timers/promises'
import { of, throwError, type Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { nestVersion } from './nest-version.ts'
import {
  cookieOf,
  fastify,
  platforms,
  serve,
  withCookieOf,
  type Platform,
  type Served,
} from './served.ts'

/** The members that responses of Express and replies of Fastify have in common. */
interface Reply {
  status(status: number): Reply
  header(name: string, value: string | string[]): Reply
  send(body: unknown): Reply
}

interface RawReply extends Reply {
  readonly raw: ServerResponse
}

/** A filter that replies although a reply has already been sent. */
@Catch()
class TooLate implements ExceptionFilter {
  catch(_error: unknown, host: ArgumentsHost): void {
    const reply = host.getArgByIndex<Reply>(1)
    reply.header('x-late', '1').header('set-cookie', 'late=1').header('x-own', 'late')
    reply.status(500).send({ late: true })
  }
}

class PassOn implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle()
  }
}

@Controller()
class Replies {
  @Sse('fails')
  fails(@Session() session: Session): Observable<never> {
    session.set('touched', true)
    return throwError(() => new NotFoundException('no such channel'))
  }

  @Sse('saves')
  async saves(@Session() session: Session): Promise<Observable<string>> {
    session.set('touched', true)
    await session.save()
    return of('a', 'b')
  }

  @Sse('intercepted')
  @UseInterceptors(PassOn)
  intercepted(@Session() session: Session): Observable<string> {
    session.modify('views', (views = 0) => Number(views) + 1)
    return of('a')
  }

  @Get('views')
  views(@Session() session: Session): unknown {
    return { views: session.get('views') }
  }

  @Get('throws')
  throws(@Session() session: Session, @Res() reply: Reply): void {
    session.set('touched', true)
    reply.status(201).send({ own: true })
    throw new ForbiddenException()
  }

  @Get('late')
  @UseFilters(TooLate)
  late(@Session() session: Session, @Res() reply: Reply): void {
    session.set('touched', true)
    reply.header('x-own', 'first').header('set-cookie', ['own=1'])
    reply.status(201).send({ own: true })
    throw new ForbiddenException()
  }

  @Get('past')
  past(@Session() session: Session, @Res() reply: RawReply): void {
    session.set('touched', true)
    reply.status(201).send({ own: true })
    reply.raw.writeHead(500)
    reply.raw.write('late')
    reply.raw.flushHeaders()
    reply.raw.end('late')
  }

  @Get('begun')
  begun(@Session() session: Session, @Res() reply: RawReply): void {
    session.set('touched', true)
    reply.raw.write('begun')
    reply.send('refused')
  }

  @Get('invalid')
  invalid(@Session() session: Session, @Res() reply: Reply): void {
    session.set('touched', true)
    reply.header('x-invalid', 'a\nb').send('lost')
  }

  @Get('stream')
  stream(@Session() session: Session): StreamableFile {
    session.set('touched', true)
    const body = new PassThrough()
    setImmediate(() => body.destroy(new ConflictException()))
    return new StreamableFile(body)
  }

  @Get('legacy')
  legacy(@Session() session: Session, @Res() reply: Reply): void {
    session.set('touched', true)
    const body = Object.assign(new Stream(), { readable: true })
    setImmediate(() => body.emit('error', new ConflictException()))
    reply.send(body)
  }

  @Get('next')
  next(): string {
    return 'next'
  }
}

const JSON_TYPE = 'application/json; charset=utf-8'

/** Serves them over a store that takes two turns of the event loop. */
function serveReplies(platform: Platform, { failing = false } = {}): Promise<Served> {
  const memory = memoryEngine()
  const engine: SessionEngine = {
    ...memory,
    async load(...args) {
      // Longer than Nest waits before it begins the response of an `@Sse()`.
      await nextTimer()
      await nextTimer()
      if (failing) throw new Error('down')
      return memory.load(...args)
    },
    async create(...args) {
      await nextTurn()
      await nextTurn()
      if (failing) throw new Error('down')
      return memory.create(...args)
    },
  }
  return serve(platform, {
    imports: [SessionsModule.forRoot({ engine })],
    controllers: [Replies],
  })
}

describe.each(platforms)('replies in %s, while their session is stored', (_, platform) => {
  it('of an @Sse() that fails before its first event are those of its exception', async () => {
    const { ask } = await serveReplies(platform)

    const response = await ask('/fails')

    // Nest 11.0 has already begun the event stream by then.
    const [status, type] = nestVersion === '11.0' ? [200, 'text/event-stream'] : [404, JSON_TYPE]
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe(type)
    expect(cookieOf(response)).toBeDefined()
  })

  it('of an @Sse() that saves its session first have all of its events', async () => {
    const { ask } = await serveReplies(platform)

    const response = await ask('/saves')

    expect(await response.text()).toBe('\nid: 1\ndata: a\n\nid: 2\ndata: b\n\n')
    expect(cookieOf(response)).toBeDefined()
  })

  it('of an @Sse() with an interceptor wait for its session, and for what it stores', async () => {
    const { ask } = await serveReplies(platform)
    const client = withCookieOf(await ask('/intercepted'))
    await (await ask('/intercepted', client)).text()

    const { views } = (await (await ask('/views', client)).json()) as { readonly views?: number }

    // Nest 11.0 begins the event stream before it calls the handler.
    expect(views).toBe(nestVersion === '11.0' ? undefined : 2)
  })

  it('of an @Sse() with an interceptor are a 503 if its session cannot be loaded', async () => {
    const { ask } = await serveReplies(platform, { failing: true })

    const response = await ask('/intercepted', {
      headers: { cookie: `sessionid=${'a'.repeat(32)}` },
    })

    expect([response.status, await response.json()]).toEqual([503, { error: 'SESSION_ENGINE' }])
  })

  it('stay as they were sent if the handler throws afterwards', async () => {
    const { ask } = await serveReplies(platform)

    const response = await ask('/throws')

    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ own: true })
    expect(cookieOf(response)).toBeDefined()
  })

  it('with an invalid header become a 500, and the server survives', async () => {
    const { ask } = await serveReplies(platform)

    const response = await ask('/invalid')

    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('lost')
    expect(await (await ask('/next')).text()).toBe('next')
  })
})

describe('replies in Nest on Fastify, while their session is stored', () => {
  it('keep their headers if a filter sends another one', async () => {
    const { ask } = await serveReplies(fastify)

    const response = await ask('/late')

    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ own: true })
    expect(response.headers.get('x-own')).toBe('first')
    expect(response.headers.get('x-late')).toBeNull()
    const cookies = response.headers.getSetCookie().map((line) => line.split('=')[0])
    expect(cookies).toEqual(['own', 'sessionid'])
  })

  it('keep their body if the handler goes on writing to the raw response', async () => {
    const { ask } = await serveReplies(fastify)

    const response = await ask('/past')

    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ own: true })
  })

  it.each(['/stream', '/legacy'])(
    'whose stream fails become an error response: %s',
    async (path) => {
      const { ask } = await serveReplies(fastify)

      const response = await ask(path)

      expect(response.status).toBe(409)
      // The status of the handler's reply counted.
      expect(cookieOf(response)).toBeDefined()
      expect(await (await ask('/next')).text()).toBe('next')
    },
  )

  it("whose stream fails before the store does become the store's error", async () => {
    const { ask } = await serveReplies(fastify, { failing: true })

    const response = await ask('/stream')

    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
    expect(await (await ask('/next')).text()).toBe('next')
  })

  it('that come after the first byte do not crash the server', async () => {
    const { ask } = await serveReplies(fastify)

    await ask('/begun').then(
      (response) => response.body?.cancel(),
      () => {},
    )

    expect(await (await ask('/next')).text()).toBe('next')
  })
})
