/* A Nest 11 application in CommonJS, tested with ts-jest as configured by `nest new`. */
import { Controller, Get, Injectable, Module, type INestApplication } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { memoryEngine } from '@sessions/memory'
import { Session, Sessions, SessionsModule } from '@sessions/nestjs'

interface MyData {
  views: number
}

@Injectable()
class Visitors {
  // Injected by the type metadata that the compiler emits, as usual in Nest.
  constructor(private readonly sessions: Sessions<MyData>) {}

  isNew(): boolean {
    return this.sessions.open().isEmpty
  }
}

@Controller()
class AppController {
  constructor(private readonly visitors: Visitors) {}

  @Get()
  count(@Session() session: Session<MyData>): object {
    return { views: session.modify('views', (n = 0) => n + 1), isNew: this.visitors.isNew() }
  }
}

@Module({
  imports: [SessionsModule.forRoot({ engine: memoryEngine() })],
  controllers: [AppController],
  providers: [Visitors],
})
class AppModule {}

declare function afterAll(run: () => unknown): void
declare function beforeAll(run: () => unknown): void
declare function expect(value: unknown): { toEqual(expected: unknown): void }
declare function it(name: string, run: () => unknown): void

let app: INestApplication

beforeAll(async () => {
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile()
  app = module.createNestApplication()
  await app.listen(0, '127.0.0.1')
})

afterAll(() => app.close())

it('keeps a session from one request to the next', async () => {
  const url = await app.getUrl()
  const first = await fetch(url)
  const [cookie = ''] = first.headers.getSetCookie()
  const second = await fetch(url, { headers: { cookie: cookie.split(';', 1)[0] ?? '' } })

  expect(await first.json()).toEqual({ views: 1, isNew: true })
  expect(await second.json()).toEqual({ views: 2, isNew: true })
})
