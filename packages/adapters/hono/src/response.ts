import { applyCommitted, type Committed, type ResponseHeaders, survivesError } from '@sessions/core'
import type { Context } from 'hono'

/** Puts what a commit asks for into the response, whoever made it. */
export function emit(c: Context, committed: Committed): void {
  if (committed.setCookie.length === 0 && !committed.vary) return
  try {
    applyCommitted(committed, portTo(c.res.headers))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    // The headers of a response that `fetch` or `Response.redirect` made cannot be changed, those of its copy can.
    replaceResponse(c, new Response(c.res.body, c.res))
    applyCommitted(committed, portTo(c.res.headers))
  }
}

/**
 * Takes the handler's response back, with its status and its headers: the error's answer takes its place. What a CORS
 * middleware set stays, or scripts of another origin could not read that answer.
 */
export function dropResponse(c: Context): void {
  const lost = c.res
  const kept = [...lost.headers].filter(([name]) => survivesError(name))
  // Whoever is still writing the body is told that nobody reads it.
  lost.body?.cancel().catch(() => {})
  replaceResponse(c, undefined)
  // What `c.header()` has prepared shows in an empty response, and would come back with the error's answer.
  const prepared = [...c.res.headers.keys()]
  replaceResponse(c, undefined)
  for (const name of prepared) c.header(name, undefined)
  c.status(200)
  for (const [name, value] of kept) c.header(name, value)
}

/** Sets `c.res` without its setter's merging the headers of the response that was there. */
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
