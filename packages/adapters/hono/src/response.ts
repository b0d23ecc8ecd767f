import { applyCommitted, type Committed, type ResponseHeaders, survivesError } from '@sessions/core'
import type { Context } from 'hono'

/** Adds the headers of a commit to the response, whatever made that. */
export function emit(c: Context, committed: Committed): void {
  if (committed.setCookie.length === 0 && !committed.vary) return
  // Nothing can be added any more, and to the server, a copy would be a second response.
  if (isSentByHandler(c.res)) return
  // The application may return one `Response` object for many requests: a cookie goes only to a copy of it.
  if (c.finalized && committed.setCookie.length > 0) copyResponse(c)
  try {
    applyCommitted(committed, portTo(c.res.headers))
  } catch {
    // The headers of a response from `fetch` or `Response.redirect` are immutable; those of its copy are not.
    copyResponse(c)
    applyCommitted(committed, portTo(c.res.headers))
  }
}

/** Whether this is the `RESPONSE_ALREADY_SENT` of `@hono/node-server`: the handler has written to Node's own response. */
export function isSentByHandler({ headers }: Response): boolean {
  return headers.has('x-hono-already-sent')
}

/**
 * Drops the handler's response, status and headers included, to make way for the error response. Headers of a CORS
 * middleware stay: without them, scripts of another origin could not read the error response.
 */
export function dropResponse(c: Context): void {
  const lost = c.res
  const kept = [...lost.headers].filter(([name]) => survivesError(name))
  cancelBody(lost)
  replaceResponse(c, undefined)
  // Headers prepared by `c.header()` would reappear in the error response. An empty response shows which they are.
  const prepared = [...c.res.headers.keys()]
  replaceResponse(c, undefined)
  for (const name of prepared) c.header(name, undefined)
  c.status(200)
  for (const [name, value] of kept) c.header(name, value)
}

/** Tells the producer of the body that nobody reads it. A text, which requests may share, has no producer. */
function cancelBody(res: Response): void {
  const given = givenBody(res)
  const body = given === undefined ? res.body : given
  if (body instanceof ReadableStream) body.cancel().catch(() => {})
}

/** Replaces the response by a copy, whose headers can be changed and belong to this request alone. */
function copyResponse(c: Context): void {
  const { res } = c
  // Read first: once the body is read, `@hono/node-server` 1 forgets changes of the headers.
  const headers = new Headers(res.headers)
  const given = givenBody(res)
  if (given !== undefined) replaceResponse(c, new Response(given, { status: res.status, headers }))
  else if (!headers.has('content-type') && guessesTypes()) replaceResponse(c, cloneResponse(res))
  else replaceResponse(c, new Response(res.body, res))
}

/** Whether the type of a text is not among the headers of its response. Bun finds it only when it sends the response. */
function guessesTypes(): boolean {
  return !new Response('text').headers.has('content-type')
}

/** A copy for which Bun finds the type of the body, which it does not for one made from a stream. */
function cloneResponse(res: Response): Response {
  const copy = res.clone()
  // Else all that the copy reads of a stream would be kept for the original, too, and its end would not be told.
  res.body?.cancel().catch(() => {})
  return copy
}

type GivenBody = ConstructorParameters<typeof Response>[0]

/**
 * The body that a response of `@hono/node-server` was made from, if the server can still send it as it is. Reading `body`
 * makes a stream of it, which costs 100 µs.
 */
function givenBody(res: Response): GivenBody {
  for (const key of Object.getOwnPropertySymbols(res)) {
    if (key.description !== 'cache') continue
    const kept = (res as unknown as Record<symbol, unknown>)[key]
    if (Array.isArray(kept) && kept.length === 3 && kept[0] === res.status)
      return kept[1] as GivenBody
  }
  return undefined
}

/** Sets `c.res` without merging the headers of the previous response into the new one, as the setter does. */
function replaceResponse(c: Context, response: Response | undefined): void {
  c.res = undefined
  if (response === undefined) c.finalized = false
  else c.res = response
}

function portTo(headers: Headers): ResponseHeaders {
  return {
    get(name) {
      if (name === 'set-cookie') return headers.getSetCookie()
      const value = headers.get(name)
      return value === null ? [] : [value]
    },
    set(name, values) {
      const [first, ...others] = values
      if (first === undefined) headers.delete(name)
      else headers.set(name, first)
      for (const value of others) headers.append(name, value)
    },
  }
}
