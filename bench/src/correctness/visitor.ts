/** A client that keeps cookies as a browser does. */
export interface Visitor {
  /** The Cookie header that it sends; undefined if it has no cookies. */
  cookie(): string | undefined
  /**
   * Requests a path and keeps the cookies of the response. Resolves when the headers have arrived.
   *
   * @param cookie A Cookie header to send instead of its own.
   */
  ask(path: string, cookie?: string): Promise<Response>
}

/** Creates a visitor of the server at a port of this machine. */
export function createVisitor(port: number): Visitor {
  const jar = new Map<string, string>()
  const cookie = (): string | undefined =>
    jar.size === 0 ? undefined : [...jar].map((pair) => pair.join('=')).join('; ')
  return {
    cookie,
    async ask(path, sent = cookie()) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        headers: sent === undefined ? {} : { cookie: sent },
        redirect: 'manual',
      })
      for (const line of response.headers.getSetCookie()) keep(jar, line)
      return response
    },
  }
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(/;\s*/)
  const name = pair.slice(0, pair.indexOf('='))
  const isDeletion = attributes.some((attribute) => {
    const [key = '', value = ''] = attribute.split('=')
    if (/^max-age$/i.test(key)) return Number(value) <= 0
    return /^expires$/i.test(key) && Date.parse(value) <= Date.now()
  })
  if (isDeletion) jar.delete(name)
  else jar.set(name, pair.slice(name.length + 1))
}
