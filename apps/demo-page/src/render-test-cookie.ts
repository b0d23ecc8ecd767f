import { type Html, html } from './html.ts'
import type { PageModel } from './page-model.ts'

/** The test cookie: whether it worked, and the form to set or delete it. */
export function renderTestCookie({ testCookieWorked, cookiesBlocked }: PageModel): Html {
  const [path, label, call] = testCookieWorked
    ? ['/test-cookie/delete', 'Delete test cookie', 'deleteTestCookie()']
    : ['/test-cookie/set', 'Set test cookie', 'setTestCookie()']
  return html`<section class="card">
    <h2>Test cookie</h2>
    <p class="hint">${finding(testCookieWorked, cookiesBlocked)}</p>
    <form method="post" action="${path}" class="row">
      <button>${label}</button> <code>${call}</code>
    </form>
  </section>`
}

function finding(worked: boolean, blocked: boolean): string {
  if (worked) return 'It worked: your browser sent the cookie of the last response back.'
  if (blocked) return 'It did not work: no cookie came back.'
  return 'Not set. Set it, and the next page shows whether your browser sends cookies back.'
}
