import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Redirect,
  Res,
  Sse,
  StreamableFile,
  type MessageEvent,
} from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import { Session, type UnloadedSession } from '@sessions/nestjs'
import {
  chunkPause,
  describeExpiry,
  everything,
  mayHaveBody,
  parseExpiry,
  pushToCart,
  referenceChunks,
  requestedHeaders,
  type ReferenceApp,
} from '@sessions/testing/reference-app'
import { Readable } from 'node:stream'
import { from, map, type Observable } from 'rxjs'

/** The token of the function by which the app waits. */
export const PAUSE = 'pause'

/** A response of either platform. */
interface Response {
  status(code: number): unknown
}

/** The reference app of `@sessions/testing` in Nest's idiom. */
@Controller()
export class ReferenceController {
  readonly #pause: ReferenceApp['pause']
  readonly #host: HttpAdapterHost

  constructor(
    @Inject(PAUSE) pause: ReferenceApp['pause'],
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
  ) {
    this.#pause = pause
    this.#host = host
  }

  @Get('untouched')
  untouched(): object {
    return { ok: true }
  }

  @Get('read')
  read(@Session() session: Session): object {
    return { views: session.get('views') ?? null }
  }

  @Get('count')
  count(@Session() session: Session): object {
    const views: number = session.get('views', 0) + 1
    session.set('views', views)
    return { views }
  }

  @Post('increment')
  @HttpCode(200)
  async increment(
    @Session() session: Session,
    @Query('key') key = 'n',
    @Query('wait') wait?: string,
  ): Promise<object> {
    await this.#pause(wait)
    session.modify(key, (value: number = 0) => value + 1)
    return { ok: true }
  }

  @Post('set')
  @HttpCode(200)
  async set(
    @Session() session: Session,
    @Query() { key = 'k', value = '', wait }: Record<string, string>,
  ): Promise<object> {
    await this.#pause(wait)
    session.set(key, value)
    return { ok: true }
  }

  @Post('delete')
  @HttpCode(200)
  delete(@Session() session: Session, @Query('key') key = 'k'): object {
    return { deleted: session.delete(key) }
  }

  @Post('nested')
  @HttpCode(200)
  nested(@Session() session: Session, @Query('item') item = 'item'): object {
    return { cart: pushToCart(session, item) }
  }

  @Get('all')
  all(@Session() session: Session): object {
    return everything(session)
  }

  @Post('clear')
  @HttpCode(200)
  clear(@Session() session: Session): object {
    session.clear()
    return { ok: true }
  }

  @Post('flush')
  async flush(
    @Session({ load: false }) session: UnloadedSession,
    @Query() { key, status = '200' }: Record<string, string>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    session.flush()
    await setKey(session, key)
    response.status(Number(status))
    return { ok: true }
  }

  @Post('cycle')
  @HttpCode(200)
  cycle(@Session() session: Session): object {
    session.cycleKey()
    return { ok: true }
  }

  @Post('expiry')
  @HttpCode(200)
  expiry(@Session() session: Session, @Query('value') value = 'default'): object {
    session.setExpiry(parseExpiry(value))
    return describeExpiry(session)
  }

  @Get('status/:code')
  async status(
    @Session({ load: false }) session: UnloadedSession,
    @Param('code') code: string,
    @Query('key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string | undefined> {
    await setKey(session, key)
    response.status(Number(code))
    return mayHaveBody(Number(code)) ? `status ${code}` : undefined
  }

  @Get('throw')
  async throw(
    @Session({ load: false }) session: UnloadedSession,
    @Query('key') key?: string,
  ): Promise<never> {
    await setKey(session, key)
    throw new Error('thrown by the reference app')
  }

  @Get('cycle-throw')
  cycleThrow(@Session() session: Session): never {
    session.cycleKey()
    throw new Error('thrown by the reference app')
  }

  @Get('redirect')
  @Redirect('/all', 303)
  redirect(@Session() session: Session): void {
    session.set('user', 'ada')
  }

  @Get('headers')
  async headers(
    @Session({ load: false }) session: UnloadedSession,
    @Query() query: Record<string, string | string[]>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    await setKey(session, query['key'] as string | undefined)
    const pairs = Object.entries(query).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, value]),
    )
    for (const [name, value] of requestedHeaders(pairs)) {
      this.#host.httpAdapter.appendHeader?.(response, name, value)
    }
    return { ok: true }
  }

  @Get('stream')
  stream(@Session() session: Session): StreamableFile {
    session.set('streamed', true)
    const lines = this.#chunks()
    return new StreamableFile(
      Readable.from(lines).map((chunk) => `${chunk}\n`),
      { type: 'text/plain' },
    )
  }

  @Sse('sse')
  sse(@Session() session: Session): Observable<MessageEvent> {
    session.set('streamed', true)
    return from(this.#chunks()).pipe(map((data) => ({ data })))
  }

  @Get('large')
  large(@Session() session: Session, @Query('bytes') bytes = '0'): object {
    session.set('large', 'x'.repeat(Number(bytes)))
    return { bytes: Number(bytes) }
  }

  @Post('test-cookie/set')
  @HttpCode(200)
  setTestCookie(@Session() session: Session): object {
    session.setTestCookie()
    return { worked: session.testCookieWorked() }
  }

  @Get('test-cookie/worked')
  testCookieWorked(@Session() session: Session): object {
    return { worked: session.testCookieWorked() }
  }

  @Post('test-cookie/delete')
  @HttpCode(200)
  deleteTestCookie(@Session() session: Session): object {
    session.deleteTestCookie()
    return { worked: session.testCookieWorked() }
  }

  async *#chunks(): AsyncGenerator<string> {
    for (const chunk of referenceChunks) {
      yield chunk
      await this.#pause(chunkPause)
    }
  }
}

/** Sets the key that the query names; without one, the session stays untouched. */
async function setKey(session: UnloadedSession, key: string | undefined): Promise<void> {
  if (key !== undefined) (await session.load()).set(key, true)
}
