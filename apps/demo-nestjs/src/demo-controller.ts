import {
  Body,
  Controller,
  Get,
  Header,
  Headers,
  Inject,
  Post,
  Query,
  Redirect,
  UseGuards,
} from '@nestjs/common'
import { Session, type UnloadedSession } from '@sessions/nestjs'
import {
  blocksCookies,
  pageAfter,
  pageModel,
  readLifetime,
  readNote,
  renderPage,
  styles,
  type DemoData,
  type LinksFor,
} from 'demo-page'
import { SameOriginGuard } from './same-origin-guard.ts'

/** The injection token of the function that returns the links to the demos. */
export const LINKS_FOR: unique symbol = Symbol('LinksFor')

/** A redirect in the form that Nest accepts from a handler. */
interface Back {
  readonly url: string
  readonly statusCode: number
}

@Controller()
@UseGuards(SameOriginGuard)
export class DemoController {
  readonly #linksFor: LinksFor

  constructor(@Inject(LINKS_FOR) linksFor: LinksFor) {
    this.#linksFor = linksFor
  }

  @Get('style.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  style(): string {
    return styles
  }

  @Get()
  @Header('Cache-Control', 'no-store')
  async page(
    @Session() session: Session<DemoData>,
    @Query('cookie') expected: unknown,
    @Headers() { cookie, host }: { readonly cookie?: string; readonly host?: string },
  ): Promise<string> {
    session.modify('views', (views = 0) => views + 1)
    const notice = session.pop('notice')
    // The response would save the session anyway; saving it now gives a new session a handle for the page to show.
    await session.save()
    const cookiesBlocked = blocksCookies(expected, cookie)
    const links = this.#linksFor(host)
    return renderPage(pageModel(session, { framework: 'NestJS', notice, cookiesBlocked, links }))
  }

  @Post('note')
  @Redirect()
  note(
    @Session() session: Session<DemoData>,
    @Body('note') note: unknown,
    @Headers('cookie') cookie: string | undefined,
  ): Back {
    const text = readNote(note)
    if (text === '') session.delete('note')
    else session.set('note', text)
    session.set('notice', text === '' ? 'note-deleted' : 'note-saved')
    return back(cookie)
  }

  @Post('lifetime')
  @Redirect()
  lifetime(
    @Session() session: Session<DemoData>,
    @Body('lifetime') lifetime: unknown,
    @Headers('cookie') cookie: string | undefined,
  ): Back {
    session.setExpiry(readLifetime(lifetime))
    session.set('notice', 'lifetime-set')
    return back(cookie)
  }

  @Post('rotate')
  @Redirect()
  rotate(
    @Session() session: Session<DemoData>,
    @Headers('cookie') cookie: string | undefined,
  ): Back {
    session.cycleKey()
    session.set('notice', { rotated: session.handle ?? 'none' })
    return back(cookie)
  }

  @Post('clear')
  @Redirect()
  clear(
    @Session() session: Session<DemoData>,
    @Headers('cookie') cookie: string | undefined,
  ): Back {
    session.clear()
    session.set('notice', 'cleared')
    return back(cookie)
  }

  @Post('logout')
  @Redirect()
  async logout(
    @Session({ load: false }) unloaded: UnloadedSession<DemoData>,
    @Headers('cookie') cookie: string | undefined,
  ): Promise<Back> {
    unloaded.flush()
    // Data written after flush() belongs to a new session.
    const session = await unloaded.load()
    session.set('notice', 'logged-out')
    return back(cookie)
  }

  @Post('test-cookie/set')
  @Redirect()
  setTestCookie(
    @Session() session: Session<DemoData>,
    @Headers('cookie') cookie: string | undefined,
  ): Back {
    session.setTestCookie()
    return back(cookie)
  }

  @Post('test-cookie/delete')
  @Redirect()
  deleteTestCookie(
    @Session() session: Session<DemoData>,
    @Headers('cookie') cookie: string | undefined,
  ): Back {
    session.deleteTestCookie()
    return back(cookie)
  }
}

function back(cookie: string | undefined): Back {
  return { url: pageAfter(cookie), statusCode: 303 }
}
