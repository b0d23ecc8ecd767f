import 'reflect-metadata'
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  Module,
  Req,
  UseGuards,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Test } from '@nestjs/testing'
import { createSessions, InvalidSettingError } from '@sessions/core'
import { Session, type SessionRequest, Sessions, sessions, SessionsModule } from '@sessions/nestjs'
import { memoryEngine } from '@sessions/memory'
import { describe, expect, it, vi } from 'vitest'
import { cookieOf, fastify, listening, platforms, serve, withCookieOf } from './served.ts'

interface MyData {
  userId: string
}

@Injectable()
class Users {
  readonly #sessions: Sessions<MyData>

  constructor(@Inject(Sessions) sessions: Sessions<MyData>) {
    this.#sessions = sessions
  }

  async logIn(userId: string): Promise<string> {
    const session = this.#sessions.open()
    session.set('userId', userId)
    await session.save()
    return session.sessionKey ?? ''
  }
}

@Controller()
class Account {
  @Get()
  account(@Session() session: Session<MyData>): object {
    return { userId: session.get('userId') ?? null }
  }

  @Get('count')
  count(@Session() session: Session): object {
    return { count: session.modify('count', (count: number = 0) => count + 1) }
  }
}

describe('SessionsModule', () => {
  it('gives providers of every module the manager, for use outside of requests', async () => {
    @Module({ providers: [Users], exports: [Users] })
    class UsersModule {}
    const { app, ask } = await serve(fastify, {
      imports: [SessionsModule.forRoot({ engine: memoryEngine() }), UsersModule],
      controllers: [Account],
    })

    const key = await app.get(Users).logIn('ada')
    const response = await ask('/', { headers: { cookie: `sessionid=${key}` } })

    expect(await response.json()).toEqual({ userId: 'ada' })
  })

  it('takes a manager, which is then injected into providers', async () => {
    const manager = createSessions<MyData>({ engine: memoryEngine() })

    const module = await Test.createTestingModule({
      imports: [SessionsModule.forRoot(manager)],
    }).compile()

    expect(module.get(Sessions)).toBe(manager)
  })

  it.each(platforms)(
    'is also available as `sessions(…)`, whose `load` is typed, in %s',
    async (_name, platform) => {
      const mount = sessions(createSessions<MyData>({ engine: memoryEngine() }))
      @Injectable()
      class LogIn implements CanActivate {
        async canActivate(context: ExecutionContext): Promise<boolean> {
          const session = await mount.load(context)
          session.set('userId', 'ada')
          return true
        }
      }
      @Controller()
      class Profile {
        @Get()
        @UseGuards(LogIn)
        async profile(@Req() request: SessionRequest): Promise<string> {
          return (await mount.load(request)).get('userId', 'nobody')
        }
      }

      const { ask } = await serve(platform, {
        imports: [mount],
        controllers: [Profile],
        providers: [LogIn],
      })

      expect(await (await ask()).text()).toBe('ada')
    },
  )

  it('has a manager that a test can replace', async () => {
    const engine = memoryEngine()
    const module = await Test.createTestingModule({
      imports: [SessionsModule.forRoot({ engine: memoryEngine() })],
      controllers: [Account],
    })
      .overrideProvider(Sessions)
      .useValue(createSessions({ engine }))
      .compile()
    const { ask } = await listening(module.createNestApplication(fastify(), { logger: false }))

    await ask('/count')

    expect(engine.size).toBe(1)
  })

  it('works without HTTP', async () => {
    @Module({ imports: [SessionsModule.forRoot({ engine: memoryEngine() })], providers: [Users] })
    class Worker {}

    const context = await NestFactory.createApplicationContext(Worker, { logger: false })

    expect(await context.get(Users).logIn('ada')).toMatch(/^[a-z0-9]{32}$/)
    await context.close()
  })

  it('refuses invalid settings at once', () => {
    expect(() => SessionsModule.forRoot({ engine: memoryEngine(), rotationGrace: -1 })).toThrow(
      /rotationGrace/,
    )
  })

  it.each<[options: unknown, message: RegExp]>([
    [
      null,
      /^options of SessionsModule\.forRoot must be an object; valid names are eager, onShutdown\./,
    ],
    [
      { eagre: true },
      /^eagre is not an option of SessionsModule\.forRoot: valid names are eager, onShutdown/,
    ],
    [{ https: () => true }, /^https is not an option of SessionsModule\.forRoot/],
    [{ eager: 'no' }, /^eager must be true or false/],
    [{ onShutdown: true }, /^onShutdown must be a function/],
  ])('refuses the options %o', (options, message) => {
    const engine = memoryEngine()
    expect(() => SessionsModule.forRoot({ engine }, options as object)).toThrow(InvalidSettingError)
    expect(() => SessionsModule.forRoot({ engine }, options as object)).toThrow(message)
    expect(() => sessions({ engine }, options as object)).toThrow(message)
  })

  describe('forRootAsync', () => {
    const ENGINE = Symbol('engine')

    it.each<[options: unknown, message: RegExp]>([
      [
        undefined,
        /^options of SessionsModule\.forRootAsync must be an object; valid names are eager/,
      ],
      [{}, /^useFactory is missing\. Pass a function that returns the settings/],
      [{ useFactory: {} }, /^useFactory must be a function/],
      [
        { useClass: Map },
        /^useClass is not an option of SessionsModule\.forRootAsync: valid names are eager/,
      ],
      [{ inject: 'ENGINE', useFactory() {} }, /^inject must be an array/],
      [{ imports: {}, useFactory() {} }, /^imports must be an array/],
      [{ eager: 1, useFactory() {} }, /^eager must be true or false/],
    ])('refuses the options %o', (options, message) => {
      expect(() => SessionsModule.forRootAsync(options as never)).toThrow(InvalidSettingError)
      expect(() => SessionsModule.forRootAsync(options as never)).toThrow(message)
    })

    @Module({
      providers: [{ provide: ENGINE, useFactory: () => memoryEngine() }],
      exports: [ENGINE],
    })
    class Stores {}

    it.each(platforms)('makes the settings from injected providers, in %s', async (_, platform) => {
      const { app, ask } = await serve(platform, {
        imports: [
          Stores,
          SessionsModule.forRootAsync({
            imports: [Stores],
            inject: [ENGINE],
            useFactory: async (engine: ReturnType<typeof memoryEngine>) => ({ engine }),
          }),
        ],
        controllers: [Account],
      })

      const first = await ask('/count')
      const second = await ask('/count', withCookieOf(first))

      expect(cookieOf(first)).toBeDefined()
      expect(await second.json()).toEqual({ count: 2 })
      expect(app.get<ReturnType<typeof memoryEngine>>(ENGINE).size).toBe(1)
    })

    it('fails the start if the settings are invalid', async () => {
      const imports = [
        SessionsModule.forRootAsync({
          useFactory: () => ({ engine: memoryEngine(), rotationGrace: -1 }),
        }),
      ]

      await expect(Test.createTestingModule({ imports }).compile()).rejects.toThrow(/rotationGrace/)
    })
  })

  it.each(platforms)('calls onShutdown after the last request, in %s', async (_, platform) => {
    const onShutdown = vi.fn<() => void>()
    const imports = [SessionsModule.forRoot({ engine: memoryEngine() }, { onShutdown })]
    const { app } = await serve(platform, { imports })

    expect(onShutdown).not.toHaveBeenCalled()
    await app.close()

    expect(onShutdown).toHaveBeenCalledOnce()
  })

  describe.each(platforms)('imported twice, in %s', (_, platform) => {
    it('with one manager: one session', async () => {
      const manager = createSessions({ engine: memoryEngine() })
      @Module({ imports: [SessionsModule.forRoot(manager)] })
      class Feature {}
      const { ask } = await serve(platform, {
        imports: [SessionsModule.forRoot(manager), Feature],
        controllers: [Account],
      })

      const response = await ask('/count')

      expect(response.headers.getSetCookie()).toHaveLength(1)
    })

    it('with two managers: the start fails, with an error that says why', async () => {
      const imports = [
        SessionsModule.forRoot({ engine: memoryEngine() }),
        SessionsModule.forRoot({ engine: memoryEngine() }),
      ]

      await expect(serve(platform, { imports })).rejects.toThrow(/imported twice/)
    })
  })
})
