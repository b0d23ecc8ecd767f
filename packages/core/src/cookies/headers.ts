/** What `commit` needs to know about the response. */
export interface CommitResponse {
  /** The HTTP status. If it is 500 or more, changes are not saved; a `flush()` is still carried out. */
  readonly status: number
  /**
   * Whether the request came over https. Undefined if the framework cannot tell: it then counts as https, unless the host is
   * localhost or a loopback address.
   */
  readonly https?: boolean | undefined
  /** The request's Host header. */
  readonly host?: string | undefined
}

/**
 * Pass this to `commit` if no response will be sent, for example because the client has disconnected: changes are not saved,
 * a `flush()` is carried out, and the session counts as committed.
 */
export const NO_RESPONSE: CommitResponse = Object.freeze({ status: 500 })

/** The headers that a response must carry once its session is committed; `applyCommitted` sets them. */
export interface Committed {
  /** Values of Set-Cookie headers, possibly none. */
  readonly setCookie: readonly string[]
  /** A name to add to `Vary`, because the response depends on the session. */
  readonly vary: 'Cookie' | undefined
  /** A directive to add to Cache-Control, so that shared caches do not store the session cookie. */
  readonly cacheControl: 'no-cache="Set-Cookie"' | undefined
}

/** No headers: the result of `commit` if the request did not touch its session. */
export const NOTHING: Committed = Object.freeze({
  setCookie: Object.freeze([]),
  vary: undefined,
  cacheControl: undefined,
})

/** Access to a framework's response headers. Names are passed in lower case. */
export interface ResponseHeaders {
  /** Returns every value of a header, one for each header line; empty if the header is not set. */
  get(name: string): readonly string[]
  /** Replaces every value of a header. */
  set(name: string, values: readonly string[]): void
}

/**
 * Adds the headers that `commit` returned to a response. The application's own cookies and directives are kept; an earlier
 * Set-Cookie for the same cookie name is replaced, because a response may set each cookie only once (RFC 6265bis,
 * section 4.1.1).
 */
export function applyCommitted(committed: Committed, headers: ResponseHeaders): void {
  if (committed.setCookie.length > 0) addCookies(headers, committed.setCookie)
  if (committed.vary !== undefined) addToList(headers, 'vary', committed.vary, VARIES)
  if (committed.cacheControl !== undefined) {
    addToList(headers, 'cache-control', committed.cacheControl, SPARES_SHARED_CACHES)
  }
}

/**
 * Whether an error response should keep a header that was set on the response it replaces. True for `Vary` and the CORS
 * headers, without which scripts of other origins could not read the error.
 *
 * @param name In lower case.
 */
export function survivesError(name: string): boolean {
  return name === 'vary' || name.startsWith('access-control-')
}

const VARIES = /(^|,)\s*(cookie|\*)\s*(,|$)/i
const SPARES_SHARED_CACHES = /(^|,)\s*(private|no-store|no-cache="set-cookie")\s*(,|$)/i

function addCookies(headers: ResponseHeaders, lines: readonly string[]): void {
  const present = headers.get('set-cookie')
  if (present.length === 0) return headers.set('set-cookie', lines)
  const names = lines.map(cookieName)
  const others = present.filter((line) => !names.includes(cookieName(line)))
  headers.set('set-cookie', [...others, ...lines])
}

function cookieName(line: string): string {
  const end = line.indexOf('=')
  return line.slice(0, end === -1 ? undefined : end).trim()
}

function addToList(headers: ResponseHeaders, name: string, item: string, present: RegExp): void {
  const all = headers.get(name)
  if (all.length === 0) return headers.set(name, [item])
  const list = all.filter((line) => line.trim() !== '').join(', ')
  if (list === '') return headers.set(name, [item])
  // Ignore commas within quotes, as in `private="X-A, X-B"`: they do not separate directives.
  if (present.test(list.replace(/"[^",]*,[^"]*"/g, '""'))) return
  headers.set(name, [`${list}, ${item}`])
}
