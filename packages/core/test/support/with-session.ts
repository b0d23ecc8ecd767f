import type { Session } from '../../src/session/session.ts'
import { type Site, site } from './site.ts'

/** A site with a client whose session holds these values. */
export async function withSession(
  values = { a: 1 } as Record<string, unknown>,
): Promise<Site & { readonly cookie: string; open(): Promise<Session>; unloaded(): Session }> {
  const made = site()
  const { cookie = '' } = await made.visit({}, (session) => session.update(values))
  const unloaded = () => made.manager.openFromCookies(cookie)
  return { ...made, cookie, unloaded: () => unloaded() as Session, open: () => unloaded().load() }
}
