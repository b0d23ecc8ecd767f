import type { Answer, Head, SendOptions, SetCookie, Transfer } from './client.ts'

/** A client that keeps its session cookie, and nothing else. */
export interface Visitor {
  /** The session key it would send; undefined while it has none. */
  key(): string | undefined
  /** The Cookie header it would send. */
  cookie(): string | undefined
  get(path: string, options?: SendOptions): Promise<Answer>
  post(path: string, options?: SendOptions): Promise<Answer>
  /** Like `get`, for watching the response arrive. Its cookie is kept once the head is there. */
  transfer(path: string, options?: SendOptions): Transfer
  /** What `GET /all` answers. */
  all(): Promise<{ readonly key: string | null; readonly data: Readonly<Record<string, unknown>> }>
}

/** A new client without cookies. */
export function createVisitor(
  cookieName: string,
  transferTo: (path: string, options?: SendOptions) => Transfer,
): Visitor {
  let key: string | undefined
  const cookie = (): string | undefined => (key === undefined ? undefined : `${cookieName}=${key}`)

  function keep(head: Head): void {
    const sent = head.setCookies.find(({ name }) => name === cookieName)
    if (sent !== undefined) key = sent.deletes ? undefined : sent.value
  }

  function start(path: string, options?: SendOptions): Transfer {
    const transfer = transferTo(path, { cookie: cookie(), ...options })
    transfer.head.then(keep, () => {})
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

/** The Set-Cookie of that name, if there is one. */
export function cookieOf(head: Head, name = 'sessionid'): SetCookie | undefined {
  return head.setCookies.find((cookie) => cookie.name === name)
}
