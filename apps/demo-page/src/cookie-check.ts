/**
 * Where a form leads: back to the page. The page before set a cookie; where none came with the form, the next page looks
 * again.
 *
 * @param cookie The Cookie header of the form.
 */
export function pageAfter(cookie: string | undefined): string {
  return cookie === undefined ? '/?cookie=expected' : '/'
}

/**
 * Whether the browser was given a cookie and does not send it.
 *
 * @param expected The query parameter `cookie` of the page.
 * @param cookie The Cookie header of its request.
 */
export function blocksCookies(expected: unknown, cookie: string | undefined): boolean {
  return expected === 'expected' && cookie === undefined
}
