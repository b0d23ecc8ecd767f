/** What is known of a response when its headers are about to leave. */
export interface CommitResponse {
  /** Its HTTP status; with 500 or more, nothing is saved. */
  readonly status: number
  /** Whether the request came over https; undefined if the framework cannot tell, which counts as https but on loopback. */
  readonly https?: boolean | undefined
  /** The request's Host header. */
  readonly host?: string | undefined
}

/**
 * In place of a response that nobody gets, because the client has gone, or there is none to be made: nothing is saved, a
 * `flush()` is carried out, and the session learns that its headers have left.
 */
export const NO_RESPONSE: CommitResponse = Object.freeze({ status: 500 })

/** What a response must carry once its session is committed. */
export interface Committed {
  /** Values of Set-Cookie headers; none where nothing is to be set. */
  readonly setCookie: readonly string[]
  /** What `Vary` must name, since the session was used and the response depends on it. */
  readonly vary: 'Cookie' | undefined
  /** What Cache-Control must tell shared caches about our Set-Cookie. */
  readonly cacheControl: 'no-cache="Set-Cookie"' | undefined
}

/** What the response to a request that did not touch its session carries. */
export const NOTHING: Committed = Object.freeze({
  setCookie: Object.freeze([]),
  vary: undefined,
  cacheControl: undefined,
})

/** The response headers of a framework, as far as they are needed. Names come in lower case. */
export interface ResponseHeaders {
  /** Every value of that header, one for each line; empty where it is not set. */
  get(name: string): readonly string[]
  /** Replaces every value of that header. */
  set(name: string, values: readonly string[]): void
}

/**
 * Puts what a commit asks for into a response's headers. The application's own cookies and directives survive; an
 * earlier Set-Cookie of the same name is replaced, since a response may set a cookie once (RFC 6265bis, section 4.1.1).
 */
export function applyCommitted(committed: Committed, headers: ResponseHeaders): void {
  if (committed.setCookie.length > 0) addCookies(headers, committed.setCookie)
  if (committed.vary !== undefined) addToList(headers, 'vary', committed.vary, VARIES)
  if (committed.cacheControl !== undefined) {
    addToList(headers, 'cache-control', committed.cacheControl, SPARES_SHARED_CACHES)
  }
}

/**
 * Whether an error's answer keeps a header that was set for the response it replaces. Without what CORS middleware set, and
 * the `Vary` that goes with it, scripts of other origins could not read the answer.
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
  // A directive's own list of headers, in quotes, is no list of directives.
  if (present.test(list.replace(/"[^",]*,[^"]*"/g, '""'))) return
  headers.set(name, [`${list}, ${item}`])
}
