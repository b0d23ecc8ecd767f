import type { AttributeFunctions } from '../../src/settings/settings.ts'
import { type Site, site } from './site.ts'

/** The attributes to find sessions by. */
export const attributes: AttributeFunctions = {
  userId: (data) => data.userId as string | undefined,
  admin: (data) => data.role === 'admin',
}

/** Creates a site with two sessions of ada and one of bob. */
export async function withUsers(): Promise<Site & { readonly cookies: (string | undefined)[] }> {
  const made = site({ attributes })
  const cookies: (string | undefined)[] = []
  for (const userId of ['ada', 'ada', 'bob']) {
    const { cookie } = await made.visit({}, (session) => session.set('userId', userId))
    cookies.push(cookie)
  }
  made.events.length = 0
  return { ...made, cookies }
}
