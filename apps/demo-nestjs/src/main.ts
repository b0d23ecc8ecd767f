import 'reflect-metadata'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { Sessions } from '@sessions/core'
import { SessionsModule } from '@sessions/nestjs'
import type { DemoData, LinksFor, Listener } from 'demo-page'
import { DemoController, LINKS_FOR } from './demo-controller.ts'

/** The demo on NestJS: one page that shows a session, with a form for each operation on it. */
export async function demo(manager: Sessions<DemoData>, linksFor: LinksFor): Promise<Listener> {
  @Module({
    imports: [SessionsModule.forRoot(manager)],
    controllers: [DemoController],
    providers: [{ provide: LINKS_FOR, useValue: linksFor }],
  })
  // oxlint-disable-next-line typescript/no-extraneous-class -- A Nest module is a class with a decorator.
  class DemoModule {}

  const app = await NestFactory.create<NestExpressApplication>(DemoModule, {
    logger: ['error', 'warn'],
    abortOnError: false,
  })
  app.useBodyParser('urlencoded', { extended: false, limit: '16kb' })
  await app.init()
  return app.getHttpAdapter().getInstance()
}
