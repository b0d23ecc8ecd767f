import { Controller, Get, Req, Res } from '@nestjs/common'
import { memoryEngine } from '@sessions/memory'
import { Session, SessionsModule } from '@sessions/nestjs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { platforms, serve, withCookieOf } from './served.ts'

/** The response of Express, or the reply of Fastify. */
type Reply = ServerResponse | { hijack(): void; readonly raw: ServerResponse }

@Controller()
class Late {
  @Get()
  async write(
    @Session() session: Session,
    @Req() req: Pick<IncomingMessage, 'headers'>,
    @Res() reply: Reply,
  ): Promise<void> {
    if ('hijack' in reply) reply.hijack()
    const res = 'raw' in reply ? reply.raw : reply
    session.set('before', true)
    res.write('text')
    session.set('saved', true)
    if (req.headers.cookie !== undefined) await session.save()
    session.set('unsaved', true)
    res.end()
  }

  @Get('all')
  all(@Session() session: Session): object {
    return session.toObject()
  }
}

it.each(platforms)(
  '%s: changes after the first byte are stored only by save()',
  async (_, platform) => {
    const { ask } = await serve(platform, {
      imports: [SessionsModule.forRoot({ engine: memoryEngine() })],
      controllers: [Late],
    })
    const first = await ask()
    await first.text()
    const visitor = withCookieOf(first)
    const all = async (): Promise<unknown> => (await ask('/all', visitor)).json()

    expect(await all()).toEqual({ before: true })
    await (await ask('/', visitor)).text()
    expect(await all()).toEqual({ before: true, saved: true })
  },
)
