import type { Answer, Head, SendOptions, SetCookie, Transfer } from './client.ts'

/** A client that stores its session cookie, and no other. */
export interface Visitor {
  /** The session key that it sends; undefined if it has none. */
  key(): string | undefined
  /** The Cookie header that it sends. */
  cookie(): string | undefined
  get(path: string, options?: SendOptions): Promise<Answer>
  post(path: string, options?: SendOptions): Promise<Answer>
  /** Like `get`, to watch the response arrive. The cookie is stored as soon as the headers have arrived. */
  transfer(path: string, options?: SendOptions): Transfer
  /** The answer to `GET /all`. */
  all(): Promise<{ readonly key: string | null; readonly data: Readonly<Record<string, unknown>> }>
}

/** A new client without cookies. */
export function createVisitor(
  cookieName: string,
  transferTo: (path: string, options?: SendOptions) => Transfer,
): Visitor {
  let key: string | undefined
  const cookie = (): string | undefined => (key === undefined ? undefined : `${cookieName}=${key}`)

  function storeCookie(head: Head): void {
    const sent = head.setCookies.find(({ name }) => name === cookieName)
    if (sent !== undefined) key = sent.deletes ? undefined : sent.value
  }

  function start(path: string, options?: SendOptions): Transfer {
    const transfer = transferTo(path, { cookie: cookie(), ...options })
    transfer.head.then(storeCookie, () => {})
    return transfer
  }

  const get = (path: string, options?: SendOptions): Promise<Answer> =>
    start(path, options).answer()
  return {
    key: () => key,
    cookie,
    get,
    post: (path, options) => get(path, { method: 'POST', ...options }),
    transfer: start,
    async all() {
      return (await get('/all')).json() as { key: string | null; data: Record<string, unknown> }
    },
  }
}

/** The Set-Cookie with this name, if there is one. */
export function cookieOf(head: Head, name = 'sessionid'): SetCookie | undefined {
  return head.setCookies.find((cookie) => cookie.name === name)
}
