import 'reflect-metadata'
import { Controller, Get, Module, Query, Redirect, type DynamicModule } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import type { INestApplication } from '@nestjs/common'
import type { Server } from 'node:http'
import type { Actions } from '../actions.ts'
import { REDIRECT_TARGET, routesOf, type Answer } from '../routes.ts'
import { listening } from './listening.ts'

/** How the Nest app gets its sessions. */
export interface NestSessions {
  /** The parameter decorator that injects the session, or whatever the actions take as their context. */
  readonly Session: () => ParameterDecorator
  readonly actions: Actions<unknown>
  readonly imports?: readonly DynamicModule[]
  readonly configure?: (app: INestApplication) => void
}

/** Serves the actions on Nest, over Express or Fastify; resolves to the port. */
export async function serveNest(
  platform: 'express' | 'fastify',
  sessions?: NestSessions,
): Promise<number> {
  const controllers = [BareController, ...(sessions === undefined ? [] : [controllerOf(sessions)])]
  @Module({ imports: [...(sessions?.imports ?? [])], controllers })
  // oxlint-disable-next-line typescript/no-extraneous-class -- A Nest module is an empty class with a decorator.
  class AppModule {}

  const logger = ['error'] as const
  const app =
    platform === 'express'
      ? await NestFactory.create(AppModule, { logger: [...logger] })
      : await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
          logger: [...logger],
        })
  sessions?.configure?.(app)
  await app.listen(0, '127.0.0.1')
  return listening(app.getHttpServer() as Server)
}

const bare = routesOf<unknown>(undefined)['/untouched']

@Controller()
class BareController {
  @Get('untouched')
  untouched(): unknown {
    return bare?.(undefined, {})
  }
}

function controllerOf({ Session, actions }: NestSessions): new () => object {
  const routes = routesOf(actions)
  const run = async (path: string, session: unknown, query: Answer = {}): Promise<Answer> =>
    (await routes[path]?.(session, query)) ?? {}

  @Controller()
  class SessionController {
    @Get('seed')
    seed(@Session() session: unknown): unknown {
      return routes['/seed']?.(session, {})
    }

    @Get('read')
    read(@Session() session: unknown): unknown {
      return routes['/read']?.(session, {})
    }

    @Get('change')
    change(@Session() session: unknown): unknown {
      return routes['/change']?.(session, {})
    }

    @Get('set')
    async set(@Session() session: unknown, @Query() query: Answer): Promise<Answer> {
      return run('/set', session, query)
    }

    @Get('keys')
    async keys(@Session() session: unknown): Promise<Answer> {
      return run('/keys', session)
    }

    @Get('logout')
    async logout(@Session() session: unknown): Promise<Answer> {
      return run('/logout', session)
    }

    @Get('redirect')
    @Redirect(REDIRECT_TARGET, 303)
    async redirect(@Session() session: unknown): Promise<void> {
      await run('/redirect', session)
    }
  }
  return SessionController
}
