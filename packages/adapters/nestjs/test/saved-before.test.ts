import { Controller, Get } from '@nestjs/common'
import { memoryEngine } from '@sessions/memory'
import { Session, SessionsModule } from '@sessions/nestjs'
import { expect, it } from 'vitest'
import { cookieOf, platforms, serve } from './served.ts'

@Controller()
class Login {
  @Get()
  async login(@Session() session: Session): Promise<string> {
    session.cycleKey()
    await session.save()
    session.set('at', 1n)
    return 'in'
  }
}

it.each(platforms)(
  'the cookie of a rotation that save() has stored is sent even if the commit fails, %s',
  async (_, platform) => {
    const imports = [SessionsModule.forRoot({ engine: memoryEngine() })]
    const { ask } = await serve(platform, { imports, controllers: [Login] })

    const response = await ask()

    expect(response.status).toBe(500)
    expect(cookieOf(response)).toMatch(/^sessionid=\w{32}/)
  },
)
