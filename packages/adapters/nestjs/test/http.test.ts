import {
  Controller,
  Get,
  HttpException,
  Injectable,
  Module,
  Req,
  Res,
  UseGuards,
  UseInterceptors,
  type ArgumentMetadata,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type MiddlewareConsumer,
  type NestInterceptor,
  type NestModule,
  type PipeTransform,
  type Type,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js'
import { loadSession, Session, SessionsModule, type UnloadedSession } from '@sessions/nestjs'
import { memoryEngine } from '@sessions/memory'
import { describe, expect, it } from 'vitest'
import {
  cookieOf,
  fastify,
  platforms,
  listening,
  serve,
  withCookieOf,
  type Platform,
  type Served,
} from './served.ts'

/** Serves one controller, with sessions in memory. */
function serveController(
  platform: Platform,
  controller: Type,
  prepare?: (app: INestApplication) => void,
): Promise<Served> {
  const imports = [SessionsModule.forRoot({ engine: memoryEngine() })]
  return serve(platform, { imports, controllers: [controller] }, prepare)
}

@Injectable()
class SignedIn implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    return (await loadSession(context)).has('user')
  }
}

@Injectable()
class Counting implements NestInterceptor {
  async intercept(
    context: ExecutionContext,
    next: CallHandler,
  ): Promise<ReturnType<CallHandler['handle']>> {
    ;(await loadSession(context)).modify('calls', (calls: number = 0) => calls + 1)
    return next.handle()
  }
}

@Controller()
class AppController {
  @Get()
  untouched(): string {
    return 'untouched'
  }

  @Get('count')
  @UseInterceptors(Counting)
  count(@Session() session: Session): object {
    return { calls: session.get('calls') }
  }

  @Get('login')
  login(@Session() session: Session): object {
    session.set('user', 'ada')
    return session.toObject()
  }

  @Get('account')
  @UseGuards(SignedIn)
  account(@Session() session: Session): object {
    return { user: session.get('user') }
  }

  @Get('logout')
  logout(@Session({ load: false }) session: UnloadedSession): object {
    const { loaded } = session
    session.flush()
    return { loaded }
  }

  @Get('refuse')
  refuse(@Session() session: Session): never {
    session.set('refused', true)
    throw new HttpException('mine', 422)
  }

  @Get('fail')
  fail(@Session() session: Session): never {
    session.set('failed', true)
    throw new Error('mine')
  }

  @Get('same')
  async same(@Session() session: Session, @Req() req: { session: object }): Promise<object> {
    return { same: req.session === session }
  }

  @Get('sends')
  sends(@Session() session: Session, @Res() response: { send(body: string): unknown }): void {
    session.set('sent', true)
    response.send('sent')
  }
}

/** Records the type of a parameter before other decorators run, as compilers do that emit metadata. */
const Typed: ParameterDecorator = (target, method = '') => {
  Reflect.defineMetadata('design:paramtypes', [Session], target, method)
}

describe.each(platforms)('sessions in %s', (_, platform, trustingPlatform) => {
  it('a request that does not touch its session gets no header', async () => {
    const { ask } = await serveController(platform, AppController)

    const response = await ask()

    expect(await response.text()).toBe('untouched')
    expect(cookieOf(response)).toBeUndefined()
    expect(response.headers.get('vary')).toBeNull()
  })

  it('guards, interceptors and handlers share one loaded session', async () => {
    const { ask } = await serveController(platform, AppController)

    const first = await ask('/count')
    const second = await ask('/count', withCookieOf(first))

    expect([await first.json(), await second.json()]).toEqual([{ calls: 1 }, { calls: 2 }])
    expect((await ask('/account')).status).toBe(403)
    const login = await ask('/login')
    expect(await (await ask('/account', withCookieOf(login))).json()).toEqual({ user: 'ada' })
  })

  it('@Session({ load: false }) injects the session unloaded', async () => {
    const { ask } = await serveController(platform, AppController)
    const login = await ask('/login')

    const logout = await ask('/logout', withCookieOf(login))

    expect(await logout.json()).toEqual({ loaded: false })
    expect(cookieOf(logout)).toContain('Max-Age=0')
    expect((await ask('/account', withCookieOf(login))).status).toBe(403)
  })

  it('request.session is the same session', async () => {
    const { ask } = await serveController(platform, AppController)

    expect(await (await ask('/same')).json()).toEqual({ same: true })
  })

  it('a pipe that makes instances of the types of parameters, as a ValidationPipe may, leaves it alone', async () => {
    class Instances implements PipeTransform {
      transform(value: unknown, { metatype }: ArgumentMetadata): unknown {
        return metatype === undefined || metatype === Object ? value : new metatype()
      }
    }
    @Controller()
    class Piped {
      @Get()
      count(@Session() @Typed session: Session): object {
        return { calls: session.modify('calls', (calls: number = 0) => calls + 1) }
      }
    }
    const { ask } = await serveController(platform, Piped, (app) => {
      app.useGlobalPipes(new Instances())
    })

    expect(await (await ask()).json()).toEqual({ calls: 1 })
  })

  it('works under a global prefix', async () => {
    const { ask } = await serveController(platform, AppController, (app) => {
      app.setGlobalPrefix('api/v1')
    })

    const login = await ask('/api/v1/login')

    expect(await (await ask('/api/v1/account', withCookieOf(login))).json()).toEqual({
      user: 'ada',
    })
  })

  it('an exception is committed by its status', async () => {
    const { ask } = await serveController(platform, AppController)

    const refused = await ask('/refuse')
    const failed = await ask('/fail')

    expect([refused.status, failed.status]).toEqual([422, 500])
    expect(cookieOf(refused)).toBeDefined()
    expect(cookieOf(failed)).toBeUndefined()
  })

  it('a handler that sends by itself has its session stored first', async () => {
    const { ask } = await serveController(platform, AppController)

    const response = await ask('/sends')

    expect(await response.text()).toBe('sent')
    expect(cookieOf(response)).toBeDefined()
  })

  it.each(['a testing module', 'NestFactory'])(
    'middleware finds the session in its request, in an application made by %s',
    async (maker) => {
      @Module({
        imports: [SessionsModule.forRoot({ engine: memoryEngine() })],
        controllers: [AppController],
      })
      class AppModule implements NestModule {
        configure(consumer: MiddlewareConsumer): void {
          consumer
            .apply(async (req: { session: UnloadedSession }, _res: unknown, next: () => void) => {
              const session = await req.session.load()
              session.set('user', 'middleware')
              next()
            })
            .forRoutes('account')
        }
      }
      const { ask } =
        maker === 'NestFactory'
          ? await listening(await NestFactory.create(AppModule, platform(), { logger: false }))
          : await serve(platform, { imports: [AppModule] })

      const response = await ask('/account')

      expect(await response.json()).toEqual({ user: 'middleware' })
      expect(cookieOf(response)).toBeDefined()
    },
  )

  it('loadSession() works in a GraphQL context that holds the request', async () => {
    const loaded: (string | undefined)[] = []
    @Injectable()
    class Resolving implements CanActivate {
      async canActivate(context: ExecutionContext): Promise<boolean> {
        const graphql = new ExecutionContextHost([
          {},
          {},
          { req: context.switchToHttp().getRequest() },
          {},
        ])
        graphql.setType('graphql')
        loaded.push((await loadSession<{ user: string }>(graphql)).get('user', 'nobody'))
        return true
      }
    }
    @Controller()
    class Resolver {
      @Get()
      @UseGuards(Resolving)
      resolve(): void {}
    }
    const { ask } = await serveController(platform, Resolver)

    await ask()

    expect(loaded).toEqual(['nobody'])
  })

  it('https is taken from the framework, which trusts a proxy if it is told to', async () => {
    const headers = { 'x-forwarded-proto': 'https' }
    const plain = await serveController(platform, AppController)
    const trusting = await serveController(trustingPlatform, AppController)

    expect(cookieOf(await plain.ask('/login', { headers }))).not.toContain('Secure')
    expect(cookieOf(await trusting.ask('/login', { headers }))).toContain('; Secure')
  })

  it('so is the host, even if a proxy sends only X-Forwarded-Host', async () => {
    const headers = { 'x-forwarded-host': 'example.com' }
    const plain = await serveController(platform, AppController)
    const trusting = await serveController(trustingPlatform, AppController)

    expect(cookieOf(await plain.ask('/login', { headers }))).not.toContain('Secure')
    expect(cookieOf(await trusting.ask('/login', { headers }))).toContain('; Secure')
  })

  it('loadSession() rejects if there is no request', async () => {
    const rpc = new ExecutionContextHost([])
    rpc.setType('rpc')

    await expect(loadSession(rpc)).rejects.toMatchObject({ code: 'INVALID_SETTING' })
  })
})

describe('sessions in Nest on Fastify: replies that bypass its hooks', () => {
  @Controller()
  class Raw {
    @Get()
    hijack(
      @Session() session: Session,
      @Res() reply: { hijack(): void; raw: NodeJS.WritableStream & { end(body: string): void } },
    ): void {
      session.set('raw', true)
      reply.hijack()
      reply.raw.end('raw')
    }
  }

  it('carry the cookie, and wait for their session', async () => {
    const engine = memoryEngine()
    const { ask } = await serve(fastify, {
      imports: [SessionsModule.forRoot({ engine })],
      controllers: [Raw],
    })

    const response = await ask()

    expect(await response.text()).toBe('raw')
    expect(cookieOf(response)).toBeDefined()
    expect(engine.size).toBe(1)
  })
})
