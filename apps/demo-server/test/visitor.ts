/** A simulated browser: stores the session cookie, follows redirects, posts forms. */
export interface Visitor {
  /** The stored session cookie, as a Cookie header. */
  cookie: string | undefined
  /** The last Set-Cookie header. */
  setCookie: string | undefined
  /** The URL of the demo to visit. */
  url: string
  /** Opens a page and returns its text, without markup. */
  open(path?: string): Promise<string>
  /** Posts a form, follows the redirect, and returns the text of that page. */
  post(path: string, fields?: Record<string, string>): Promise<string>
}

/** Creates a visitor of the demo at a URL; with `cookies: false`, one that blocks cookies. */
export function visitor(url: string, { cookies = true }: { cookies?: boolean } = {}): Visitor {
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers: Record<string, string> = { Origin: self.url }
    if (self.cookie !== undefined) headers['Cookie'] = self.cookie
    const response = await fetch(self.url + path, { ...init, headers, redirect: 'manual' })
    self.setCookie = response.headers.get('set-cookie') ?? undefined
    if (cookies && self.setCookie !== undefined) [self.cookie] = self.setCookie.split(';')
    return response
  }
  const self: Visitor = {
    cookie: undefined,
    setCookie: undefined,
    url,
    async open(path = '/') {
      return textOf(await send(path))
    },
    async post(path, fields = {}) {
      const response = await send(path, { method: 'POST', body: new URLSearchParams(fields) })
      const location = response.headers.get('location')
      return response.status === 303 && location !== null ? self.open(location) : textOf(response)
    },
  }
  return self
}

/** The handle of the session that a page shows. */
export function handleOn(page: string): string {
  return /Handle ([0-9a-f]{16})/.exec(page)?.[1] ?? 'none'
}

/** The text of a page with white space collapsed; for an error, preceded by the status. */
async function textOf(response: Response): Promise<string> {
  const text = (await response.text()).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  return response.ok ? text : `${response.status} ${text}`
}
