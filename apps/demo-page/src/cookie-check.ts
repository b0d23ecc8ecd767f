/**
 * The URL to redirect to after a form: the page. If the form came without a cookie, although the page had set one, the URL
 * asks the page to check once more.
 *
 * @param cookie The Cookie header of the form's request.
 */
export function pageAfter(cookie: string | undefined): string {
  return cookie === undefined ? '/?cookie=expected' : '/'
}

/**
 * Whether the browser does not send the cookie that it was given.
 *
 * @param expected The query parameter `cookie` of the page.
 * @param cookie The Cookie header of the page's request.
 */
export function blocksCookies(expected: unknown, cookie: string | undefined): boolean {
  return expected === 'expected' && cookie === undefined
}
