import type { Session } from '../../src/session/session.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { type Site, site } from './site.ts'

/** Creates a site with a client whose session holds these values. */
export async function withSession(
  values: Record<string, unknown> = { a: 1 },
  settings: Partial<Settings> = {},
): Promise<Site & { readonly cookie: string; open(): Promise<Session>; unloaded(): Session }> {
  const made = site(settings)
  const { cookie = '' } = await made.visit({}, async (session) => {
    session.update(values)
    await session.save()
  })
  made.engine.calls.length = 0
  const unloaded = () => made.manager.openFromCookies(cookie)
  return { ...made, cookie, unloaded: () => unloaded() as Session, open: () => unloaded().load() }
}
