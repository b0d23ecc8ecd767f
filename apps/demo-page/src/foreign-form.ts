import type { IncomingHttpHeaders } from 'node:http'

/** The parts of a request that tell which page submitted its form. */
export interface FormRequest {
  readonly method?: string | undefined
  readonly headers: IncomingHttpHeaders
}

/**
 * Whether a page of another origin submitted a form. The demo on Hono uses `hono/csrf`, the others use this: browsers name
 * the page's origin in Sec-Fetch-Site or in Origin, and one of them suffices.
 *
 * @param origin The origin that the request was sent to, such as `http://localhost:3000`.
 */
export function isForeignForm({ method = 'GET', headers }: FormRequest, origin: string): boolean {
  if (/^(GET|HEAD|OPTIONS)$/.test(method)) return false
  if (!formTypes.test(headers['content-type'] ?? 'text/plain')) return false
  return headers['sec-fetch-site'] !== 'same-origin' && headers.origin !== origin
}

/** The content types that a form can send without a script, and so without a CORS preflight. */
const formTypes = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/(plain|ping))\b/i
