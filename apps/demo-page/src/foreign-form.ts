import type { IncomingHttpHeaders } from 'node:http'

/** What a request says about where its form stood. */
export interface FormRequest {
  readonly method?: string | undefined
  readonly headers: IncomingHttpHeaders
}

/**
 * Whether a form was sent by a page of another origin. What `hono/csrf` does for the demo on Hono, for the other ones: a
 * browser says in Sec-Fetch-Site or in Origin which page a form stood on, and either will do.
 *
 * @param origin The origin that the request was sent to: `http://localhost:3000`.
 */
export function isForeignForm({ method = 'GET', headers }: FormRequest, origin: string): boolean {
  if (/^(GET|HEAD|OPTIONS)$/.test(method)) return false
  if (!formTypes.test(headers['content-type'] ?? 'text/plain')) return false
  return headers['sec-fetch-site'] !== 'same-origin' && headers.origin !== origin
}

/** What a form can send without a script, and so without the browser asking first. */
const formTypes = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/(plain|ping))\b/i
