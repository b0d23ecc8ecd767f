import { applyCommitted, type Committed, type ResponseHeaders, survivesError } from '@sessions/core'
import type { Context } from 'hono'

/** Adds the headers of a commit to the response, whatever made that. */
export function emit(c: Context, committed: Committed): void {
  if (committed.setCookie.length === 0 && !committed.vary) return
  try {
    applyCommitted(committed, portTo(c.res.headers))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    // The headers of a response from `fetch` or `Response.redirect` are immutable; those of its copy are not.
    replaceResponse(c, new Response(c.res.body, c.res))
    applyCommitted(committed, portTo(c.res.headers))
  }
}

/**
 * Drops the handler's response, status and headers included, to make way for the error response. Headers of a CORS
 * middleware stay: without them, scripts of another origin could not read the error response.
 */
export function dropResponse(c: Context): void {
  const lost = c.res
  const kept = [...lost.headers].filter(([name]) => survivesError(name))
  // Tells the producer of the body that nobody reads it.
  lost.body?.cancel().catch(() => {})
  replaceResponse(c, undefined)
  // Headers prepared by `c.header()` would reappear in the error response. An empty response shows which they are.
  const prepared = [...c.res.headers.keys()]
  replaceResponse(c, undefined)
  for (const name of prepared) c.header(name, undefined)
  c.status(200)
  for (const [name, value] of kept) c.header(name, value)
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
