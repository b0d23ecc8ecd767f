import cookie from '@fastify/cookie'
import {
  Catch,
  Controller,
  Get,
  Inject,
  Logger,
  Module,
  Res,
  Session as ForeignSession,
  UseFilters,
  type ArgumentsHost,
  type ExceptionFilter,
  type OnModuleInit,
  type Type,
} from '@nestjs/common'
import { APP_FILTER, BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { SessionEngineError, SessionInterruptedError, type Settings } from '@sessions/core'
import { Session, SessionsModule } from '@sessions/nestjs'
import { memoryEngine } from '@sessions/memory'
import type { ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { nestVersion } from './nest-version.ts'
import {
  cookieOf,
  express,
  fastify,
  platforms,
  serve,
  type Platform,
  type Served,
} from './served.ts'

/** An engine that is down. */
const failing: Settings['engine'] = {
  ...memoryEngine(),
  load: () => Promise.reject(new Error('down')),
  create: () => Promise.reject(new Error('down')),
}

const LIVE_LOOKING = { headers: { cookie: `sessionid=${'a'.repeat(32)}` } }

@Controller()
class AppController {
  @Get()
  touch(@Session() session: Session): object {
    session.set('touched', true)
    return { lost: true }
  }

  @Get('interrupted')
  interrupted(): never {
    throw new SessionInterruptedError()
  }
}

/** A filter of an application, which answers with 418. */
class TeapotFilter implements ExceptionFilter {
  readonly #host: HttpAdapterHost

  constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost) {
    this.#host = host
  }

  catch(error: Error, host: ArgumentsHost): void {
    this.#host.httpAdapter.reply(host.getArgByIndex(1), { caught: error.name }, 418)
  }
}

@Catch()
class CatchAll extends TeapotFilter {}

@Catch(SessionEngineError)
class CatchEngine extends TeapotFilter {}

const appFilter = (filter: Type): object => ({
  provide: APP_FILTER,
  inject: [HttpAdapterHost],
  useFactory: (host: HttpAdapterHost) => new filter(host),
})

function serveFailing(
  platform: Platform,
  { providers = [], controller = AppController }: { providers?: object[]; controller?: Type } = {},
  prepare?: Parameters<typeof serve>[2],
): Promise<Served> {
  const imports = [SessionsModule.forRoot({ engine: failing })]
  return serve(
    platform,
    { imports, controllers: [controller], providers: providers as [] },
    prepare,
  )
}

describe.each(platforms)('errors of sessions in %s', (_, platform) => {
  it('at the load and at the commit are answered with their status and code', async () => {
    const { ask } = await serveFailing(platform)

    for (const response of [await ask('/', LIVE_LOOKING), await ask()]) {
      expect(response.status).toBe(503)
      expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
      expect(cookieOf(response)).toBeUndefined()
    }
  })

  it('that a handler throws are answered with their status', async () => {
    const response = await (await serveFailing(platform)).ask('/interrupted')

    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: 'SESSION_INTERRUPTED' })
  })

  it('are logged from status 500 on', async () => {
    const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {})
    const { ask } = await serveFailing(platform)

    await ask('/interrupted')
    expect(logged).not.toHaveBeenCalled()
    await ask()
    expect(logged).toHaveBeenCalledWith(expect.objectContaining({ code: 'SESSION_ENGINE' }))
    logged.mockRestore()
  })

  @Controller()
  class WithFilter extends AppController {
    @Get()
    @UseFilters(CatchEngine)
    override touch(@Session() session: Session): object {
      return super.touch(session)
    }
  }

  const filters: Readonly<Record<string, () => Promise<Served>>> = {
    'a global filter for everything': () =>
      serveFailing(platform, {}, (app) => {
        app.useGlobalFilters(new CatchAll(app.get(HttpAdapterHost)))
      }),
    'an APP_FILTER for everything': () =>
      serveFailing(platform, { providers: [appFilter(CatchAll)] }),
    'an APP_FILTER for the error': () =>
      serveFailing(platform, { providers: [appFilter(CatchEngine)] }),
  }

  it.each(Object.entries(filters))('go to %s, which wins', async (_name, build) => {
    const { ask } = await build()

    for (const response of [await ask('/', LIVE_LOOKING), await ask()]) {
      expect(response.status).toBe(418)
      expect(await response.json()).toEqual({ caught: 'SessionEngineError' })
      expect(cookieOf(response)).toBeUndefined()
    }
  })

  it('are answered with 500 if a filter fails in turn', async () => {
    @Catch()
    class Failing implements ExceptionFilter {
      catch(): never {
        throw new Error('filter')
      }
    }
    const { ask } = await serveFailing(platform, { providers: [appFilter(Failing)] })

    expect((await ask()).status).toBe(500)
  })

  it('of a failing store keep their status in a filter that extends Nest’s own, which does not tell what the store said', async () => {
    @Catch()
    class Everything extends BaseExceptionFilter {}
    const { ask } = await serveFailing(platform, {
      providers: [{ provide: APP_FILTER, useClass: Everything }],
    })

    const response = await ask()
    expect(response.status).toBe(503)
    // Nest 11.0 tells the message of every error that has a status.
    const message = nestVersion === '11.0' ? expect.any(String) : 'Service Unavailable'
    expect(await response.json()).toEqual({ statusCode: 503, message })
  })

  it('of a load go to the filters of the handler', async () => {
    const { ask } = await serveFailing(platform, { controller: WithFilter })

    expect((await ask('/', LIVE_LOOKING)).status).toBe(418)
  })
})

describe.each(platforms.filter(([, make]) => make === express))(
  'errors of sessions in %s',
  (_, platform) => {
    it.each([
      ['load', { eager: true }, LIVE_LOOKING],
      ['commit', {}, {}],
    ])(
      'at the %s go to the filters, past an error handler of Express that answers 404',
      async (_when, options, init) => {
        // As the `ServeStaticModule` of @nestjs/serve-static registers one, for the paths that it excludes.
        @Module({})
        class Static implements OnModuleInit {
          readonly #host: HttpAdapterHost

          constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost) {
            this.#host = host
          }

          onModuleInit(): void {
            this.#host.httpAdapter.use(
              // Express tells error handlers by their four parameters.
              (_error: unknown, _req: unknown, res: ServerResponse, _next: unknown): void => {
                res.writeHead(404).end()
              },
            )
          }
        }
        const { ask } = await serve(platform, {
          imports: [SessionsModule.forRoot({ engine: failing }, options), Static],
          controllers: [AppController],
        })

        const response = await ask('/', init)

        expect(response.status).toBe(503)
        expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
      },
    )
  },
)

describe('errors of sessions in Nest on Fastify', () => {
  it('at the commit drop the cookies that the handler has set through @fastify/cookie', async () => {
    @Controller()
    class Remembering {
      @Get()
      touch(
        @Session() session: Session,
        @Res({ passthrough: true }) reply: { setCookie(name: string, value: string): unknown },
      ): object {
        session.set('touched', true)
        reply.setCookie('remember', 'me')
        return { lost: true }
      }
    }
    const { ask } = await serveFailing(fastify, { controller: Remembering }, (app) => {
      void (app as NestFastifyApplication).register(cookie as never)
    })

    const response = await ask()

    expect(response.status).toBe(503)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it.each([
    ['a web stream', (body: ReadableStream) => body],
    ['a Response', (body: ReadableStream) => new Response(body)],
  ])('at the commit cancel a body that is %s', async (_, payloadOf) => {
    const cancel = vi.fn<() => void>()
    @Controller()
    class Streaming {
      @Get()
      touch(@Session() session: Session, @Res() reply: { send(body: unknown): unknown }): void {
        session.set('touched', true)
        reply.send(payloadOf(new ReadableStream({ cancel })))
      }
    }
    const { ask } = await serveFailing(fastify, { controller: Streaming })

    expect((await ask()).status).toBe(503)
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('at the commit are answered on a Node without fetch, and so without Response', async () => {
    const { ask } = await serveFailing(fastify)
    onTestFinished(() => void vi.unstubAllGlobals())
    vi.stubGlobal('Response', undefined)

    expect((await ask()).status).toBe(503)
  })
})

describe.each(platforms)('Nest’s own @Session() in %s', (_, platform) => {
  @Controller()
  class Foreign {
    @Get()
    visit(@ForeignSession() session: Session): object {
      return { views: session.get('views', 0) }
    }
  }

  function start(eager: boolean): Promise<Served> {
    const imports = [SessionsModule.forRoot({ engine: memoryEngine() }, { eager })]
    return serve(platform, { imports, controllers: [Foreign] })
  }

  it('is refused when the application starts, by an error that names the handler and the remedy', async () => {
    await expect(start(false)).rejects.toThrow(/Foreign\.visit\(\).*'@sessions\/nestjs'/)
  })

  it('is accepted if sessions are eager', async () => {
    expect(await (await (await start(true)).ask()).json()).toEqual({ views: 0 })
  })
})
