import { Controller, Get, Inject, type ExecutionContext } from '@nestjs/common'
import { MessagePattern, Server, type CustomTransportStrategy } from '@nestjs/microservices'
import type { Settings } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { loadSession, Session, Sessions, SessionsModule } from '@sessions/nestjs'
import { firstValueFrom } from 'rxjs'
import { expect, it } from 'vitest'
import { fastify, serve } from './served.ts'

const failing: Settings['engine'] = {
  ...memoryEngine(),
  load: () => Promise.reject(new Error('down')),
  create: () => Promise.reject(new Error('down')),
}

@Controller()
class Hybrid {
  readonly #sessions: Sessions

  constructor(@Inject(Sessions) sessions: Sessions) {
    this.#sessions = sessions
  }

  @MessagePattern('read')
  async read(key: string): Promise<object> {
    return (await this.#sessions.open(key).load()).toObject()
  }

  @MessagePattern('plain')
  plain(): never {
    throw new Error('plain')
  }

  @Get()
  touch(@Session() session: Session): void {
    session.set('touched', true)
  }
}

/** A transport that does not leave the process. */
class Local extends Server implements CustomTransportStrategy {
  listen(callback: () => void): void {
    callback()
  }

  async ask(pattern: string, data: string): Promise<unknown> {
    const handler = this.getHandlerByPattern(pattern)
    return firstValueFrom(this.transformToObservable(await handler?.(data)))
  }

  close(): void {}

  on(): void {}

  unwrap(): never {
    throw new Error('There is nothing inside.')
  }
}

it.each([false, true])(
  'errors of sessions in a message handler are answered like any other: inheritAppConfig %s',
  async (inheritAppConfig) => {
    const strategy = new Local()
    const { app, ask } = await serve(
      fastify,
      { imports: [SessionsModule.forRoot({ engine: failing })], controllers: [Hybrid] },
      (hybrid) => {
        hybrid.connectMicroservice({ strategy }, { inheritAppConfig })
      },
    )
    await app.startAllMicroservices()
    const answer = { status: 'error', message: 'Internal server error' }

    await expect(strategy.ask('plain', '')).rejects.toEqual(answer)
    await expect(strategy.ask('read', 'a'.repeat(32))).rejects.toEqual(answer)
    expect((await ask()).status).toBe(503)
  },
)

it.each([
  ['ws', '`sessions.openFromCookies('],
  ['rpc', '`sessions.open(key)`'],
])('loadSession for a message of type %s rejects, and names the remedy', async (type, remedy) => {
  const context = { getType: () => type, getArgByIndex: () => ({}) } as unknown as ExecutionContext
  const refused = loadSession(context)
  await expect(refused).rejects.toThrow(
    'a request, which a message does not have. Inject `Sessions`',
  )
  await expect(refused).rejects.toThrow(remedy)
})
